"""Undoing a cancellation: a slip costs nobody anything, and nothing is undone behind anybody's back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import ClientBusy, GroupFull, ImpossibleStep, NotFound, RoomTaken, SlotTaken
from practice.domain.lifecycle import UNDO_FOR
from practice.models import Appointment, Attendance, AuditEvent, Occupancy, OutboxMessage
from practice.queries.busy import current_rules
from practice.services import outbox
from practice.services.attending import mark_attendance
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.checking import broken_invariants
from practice.services.finding import Wish
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 8)
SOON = NOW + UNDO_FOR - timedelta(seconds=1)
STARTS = at(MONDAY, 14)


def told():
    db.session.close()
    return db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.template == "cancelled"))


def ledger():
    db.session.close()
    columns = (Occupancy.resource_id, Occupancy.appointment_id, Occupancy.starts_at, Occupancy.ends_at)
    return sorted(tuple(row) for row in db.session.execute(select(*columns)))


def cancel(cast, session, *, by="dee", by_practice=False, now=NOW):
    who = cast.identity(by)
    in_unit_of_work(lambda s: cancel_appointment(s, session.public_id, by=who, now=now, by_practice=by_practice))


def leave(cast, place, *, by="dee", by_practice=False, now=NOW):
    who = cast.identity(by)
    in_unit_of_work(lambda s: cancel_attendance(s, place.public_id, by=who, now=now, by_practice=by_practice))


def undo(cast, session, *, by="dee", now=SOON):
    in_unit_of_work(lambda s: undo_cancelled_appointment(s, session.public_id, by=cast.identity(by), now=now))


def undo_place(cast, place, *, by="dee", now=SOON):
    in_unit_of_work(lambda s: undo_cancelled_place(s, place.public_id, by=cast.identity(by), now=now))


def join(cast, who, now=NOW):
    rules = current_rules(db.session())
    with unit_of_work() as session:
        wish = Wish(cast.group, cast.bob, STARTS, "in_person", cast.location)
        return book_appointment(session, rules, wish, [cast.parties[who]], by=cast.identity(who), now=now)


@pytest.fixture
def session_at_two(cast):
    return booked(cast, STARTS, now=NOW, modality="in_person")


def test_what_is_undone_is_as_it_was_and_nobody_is_told(app, cast, session_at_two):
    before, sequence = ledger(), session_at_two.sequence
    cancel(cast, session_at_two)
    assert (ledger(), told()) == ([], 1)

    undo(cast, session_at_two)
    undo(cast, session_at_two)  # pressing twice does nothing twice

    found = whole(session_at_two.public_id)
    assert (found.status, found.places_taken, found.cancelled_at) == ("booked", 1, None)
    assert found.sequence > sequence + 1  # calendars that saw it cancelled take the newer number
    place = found.attendances[0]
    assert (place.status, place.late_fee_cents) == ("booked", None)
    assert (ledger(), told()) == (before, 0)
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("%undone"))).all()
    assert actions == ["appointment.cancellation_undone"]
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []


def test_a_client_undoes_their_own_slip_but_not_what_the_practice_cancelled(cast, session_at_two):
    place = session_at_two.attendances[0]
    leave(cast, place, by="alice")
    undo_place(cast, place, by="alice")
    assert whole(session_at_two.public_id).status == "booked"

    cancel(cast, session_at_two, by_practice=True)
    with pytest.raises(ImpossibleStep):
        undo_place(cast, place, by="alice")
    undo_place(cast, place)
    assert whole(session_at_two.public_id).status == "booked"


def test_a_client_does_not_undo_for_somebody_else(cast):
    session = booked(cast, STARTS, now=NOW, others=("charlie",))
    cancel(cast, session)
    with pytest.raises(ImpossibleStep):
        undo_place(cast, session.attendances[0], by="alice")
    undo_place(cast, session.attendances[0])
    assert [place.status for place in whole(session.public_id).attendances] == ["booked", "booked"]


def test_nothing_is_sent_while_it_can_be_undone_and_nothing_undone_once_it_is_sent(cast, session_at_two):
    cancel(cast, session_at_two)
    with unit_of_work() as session:
        assert [one.template for one in outbox.claim_due(session, now=SOON)] == ["booked"]
    with pytest.raises(ImpossibleStep, match="gone out"):
        undo(cast, session_at_two, now=NOW + UNDO_FOR)

    with unit_of_work() as session:  # a worker whose clock is ahead
        assert [one.template for one in outbox.claim_due(session, now=NOW + UNDO_FOR)] == ["cancelled"]
    with pytest.raises(ImpossibleStep, match="gone out"):
        undo(cast, session_at_two)
    assert (whole(session_at_two.public_id).status, told()) == ("cancelled", 1)


def test_messages_about_other_sessions_stay(cast, session_at_two):
    other = booked(cast, at(MONDAY, 11), now=NOW)
    cancel(cast, other)
    cancel(cast, session_at_two)
    undo(cast, session_at_two)
    assert (told(), whole(other.public_id).status) == (1, "cancelled")


def test_whoever_took_the_time_meanwhile_keeps_it(cast, session_at_two):
    cancel(cast, session_at_two)
    booked(cast, STARTS, "charlie", now=NOW)
    before = ledger()
    with pytest.raises(SlotTaken):
        undo(cast, session_at_two)
    assert (ledger(), whole(session_at_two.public_id).status, told()) == (before, "cancelled", 1)


def test_a_room_or_a_client_that_is_taken_meanwhile_is_said(cast, session_at_two):
    cancel(cast, session_at_two)
    other = booked(cast, STARTS, "charlie", now=NOW, therapist="bea", modality="in_person")
    with pytest.raises(RoomTaken):
        undo(cast, session_at_two)
    cancel(cast, other, by_practice=True)
    booked(cast, STARTS, now=NOW, therapist="bea")
    with pytest.raises(ClientBusy):
        undo(cast, session_at_two)


def test_a_place_in_a_group_comes_back_unless_somebody_else_has_it(cast):
    with unit_of_work() as session:
        date = add_group_date(session, cast, STARTS, capacity=1).public_id
    join(cast, "alice")
    place = whole(date).attendances[0]
    before, sequence = ledger(), whole(date).sequence
    leave(cast, place, by="alice")
    undo_place(cast, place, by="alice")
    undo_place(cast, place, by="alice")
    assert (ledger(), told(), whole(date).places_taken) == (before, 0, 1)
    assert whole(date).sequence == sequence + 2

    leave(cast, place, by="alice")
    join(cast, "charlie")
    with pytest.raises(GroupFull):
        undo_place(cast, place, by="alice")
    assert whole(date).places_taken == 1


def test_who_comes_back_to_a_group_is_not_told_that_they_left(cast):
    with unit_of_work() as session:
        date = add_group_date(session, cast, STARTS).public_id
    join(cast, "alice")
    leave(cast, whole(date).attendances[0], by="alice")
    join(cast, "alice")
    with unit_of_work() as session:
        due = outbox.claim_due(session, now=NOW + UNDO_FOR)
        facts = {"born_on": lambda *_: None, "now": NOW}
        assert [(one.template, outbox.is_wanted(session, one, **facts)) for one in due] == [
            ("booked", True), ("cancelled", False), ("booked", True),
        ]  # fmt: skip


def test_those_who_completed_keep_their_time_when_a_group_comes_back(cast):
    with unit_of_work() as session:
        date = add_group_date(session, cast, STARTS).public_id
    join(cast, "alice")
    join(cast, "charlie")
    first, _ = whole(date).attendances
    begun = at(MONDAY, 14, 30)
    in_unit_of_work(lambda s: mark_attendance(s, first.public_id, "completed", by=cast.identity("dee"), now=begun))
    before = ledger()
    cancel(cast, whole(date), by_practice=True, now=begun)
    undo(cast, whole(date), now=begun)
    assert ([place.status for place in whole(date).attendances], ledger()) == (["completed", "booked"], before)
    assert whole(date).places_taken == 2


def test_what_is_not_there_or_was_never_cancelled(cast, session_at_two):
    undo(cast, session_at_two)
    undo_place(cast, session_at_two.attendances[0])
    for act in (undo_cancelled_appointment, undo_cancelled_place):
        with pytest.raises(NotFound):
            in_unit_of_work(lambda s, act=act: act(s, "nothing", by=cast.identity("dee"), now=NOW))
    assert db.session.scalar(select(Appointment.sequence)) == 0
    assert db.session.scalar(select(Attendance.status)) == "booked"


def test_of_an_undo_and_a_booking_at_once_one_wins(app, cast, session_at_two):
    cancel(cast, session_at_two)
    rules, wish = current_rules(db.session()), Wish(cast.individual, cast.bob, STARTS, "online")
    db.session.close()
    together = Barrier(2)

    def book(session):
        book_appointment(session, rules, wish, [cast.charlie], by=cast.identity("dee"), now=SOON)

    def take_back(session):
        undo_cancelled_appointment(session, session_at_two.public_id, by=cast.identity("dee"), now=SOON)

    def act(work):
        with app.app_context():
            together.wait()
            try:
                in_unit_of_work(work)
            except SlotTaken:
                return "taken"
            return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (book, take_back))) == ["taken", "won"]
    db.session.close()
    live = select(func.count(Appointment.id)).where(Appointment.status == "booked", Appointment.starts_at == STARTS)
    assert db.session.scalar(live) == 1
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
