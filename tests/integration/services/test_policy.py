"""Fees as they are applied: agreed ones, waived ones, and what a late move means; an undo believes the record alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound
from practice.models import Appointment, Attendance, AuditEvent, Client, OutboxMessage, Service
from practice.queries.busy import current_rules
from practice.queries.invariants import invariants
from practice.services.agreed import agree
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.finding import Wish
from practice.services.moving import AS_BEFORE, move_appointment, put_back
from practice.services.undoing import undo_cancelled_place
from practice.services.waiving import reason_of, take_waiver_back, waive_fee
from tests.support.cast import MONDAY, NOW, at

TEN, SOON = at(MONDAY, 10), at(MONDAY, 8)


def act(work):
    return in_unit_of_work(work)


def book(cast, *who, service="individual", by="dee", start=TEN, now=NOW):
    rules = current_rules(db.session())
    wish = Wish(getattr(cast, service), cast.bob, start, "online")
    seated = [cast.parties[name] for name in who or ("alice",)]
    return act(lambda s: book_appointment(s, rules, wish, seated, by=cast.identity(by), now=now))


def terms(cast, who="alice", **agreed):
    party = cast.parties[who]
    fee, none = agreed.get("fee"), agreed.get("no_late_fees", False)
    act(lambda s: agree(s, party.public_id, fee, no_late_fees=none, by=cast.identity("dee"), now=NOW))
    from_db = db.session.execute(select(Client.agreed_fee_cents).where(Client.id == party.id)).scalar_one()
    cast.parties[who] = type(party)(**{**{n: getattr(party, n) for n in party.__slots__}, "agreed_fee_cents": from_db})


def places():
    db.session.close()
    return {row.client_id: row for row in db.session.scalars(select(Attendance).order_by(Attendance.id))}


def broken():
    db.session.close()
    return [one.sentence for one in invariants() if db.session.scalars(one.rows).all()]


@pytest.fixture(autouse=True)
def priced(cast):
    with unit_of_work() as session:
        session.execute(update(Service).values(price_cents=14000))


def test_each_of_two_pays_what_was_agreed_with_them_and_cancels_on_their_own_terms(cast):
    terms(cast, fee=4000)
    terms(cast, "charlie", no_late_fees=True)
    booked = book(cast, "alice", "charlie", service="couple")
    alice, charlie = cast.alice.id, cast.charlie.id
    assert {client: row.fee_cents for client, row in places().items()} == {alice: 4000, charlie: 14000}
    act(lambda s: cancel_appointment(s, booked.public_id, by=cast.identity("dee"), now=SOON, by_practice=False))
    found = {client: (row.status, row.late_fee_cents) for client, row in places().items()}
    assert found == {alice: ("late_cancelled", 4000), charlie: ("late_cancelled", 0)}


def test_a_move_keeps_the_agreed_fee(cast):
    terms(cast, fee=9000)
    booked, rules = book(cast), current_rules(db.session())
    wish = Wish(cast.individual, cast.bea, at(MONDAY, 13), "online")
    act(lambda s: move_appointment(s, rules, booked.public_id, wish, by=cast.identity("dee"), now=NOW))
    assert places()[cast.alice.id].fee_cents == 9000


def test_a_waived_fee_keeps_who_when_and_a_sealed_reason_and_can_be_noted_again(app, cast):
    book(cast)
    vault, dee = app.extensions["vault"], cast.identity("dee")
    place = places()[cast.alice.id].public_id

    def waive(by="dee", reason="The train stood still"):
        return act(lambda s: waive_fee(s, place, reason, vault=vault, by=cast.identity(by), now=SOON))

    with pytest.raises(ImpossibleStep):
        waive()
    act(lambda s: cancel_attendance(s, place, by=cast.identity("alice"), now=SOON))
    for by in ("alice", "bob", "ada"):
        with pytest.raises(ImpossibleStep, match="desk"):
            waive(by)
    assert waive() is True
    assert waive(reason="Another") is False
    row = db.session.scalars(select(Attendance)).one()
    assert (row.fee_waived_at, row.fee_waived_by, row.late_fee_cents) == (SOON, dee.account_id, 6000)
    assert b"train" not in (row.waive_reason_sealed or b"")
    assert broken() == []
    with unit_of_work() as session:
        row = session.scalars(select(Attendance)).one()
        row.client = session.get(Client, row.client_id)
        assert reason_of(row, vault) == "The train stood still"
        assert "train" not in str([each.detail for each in session.scalars(select(AuditEvent))])
    assert act(lambda s: take_waiver_back(s, place, by=dee, now=SOON)) is True
    assert act(lambda s: take_waiver_back(s, place, by=dee, now=SOON)) is False
    assert waive() is True
    # Undoing the cancellation takes the fee and its waiver away.
    act(lambda s: undo_cancelled_place(s, place, by=dee, now=SOON + timedelta(minutes=1)))
    row = places()[cast.alice.id]
    assert (row.status, row.late_fee_cents, row.fee_waived_at, row.waive_reason_sealed) == ("booked", None, None, None)
    assert broken() == []
    with pytest.raises(NotFound):
        act(lambda s: waive_fee(s, "nobody", "x", vault=vault, by=dee, now=SOON))


@pytest.mark.parametrize("by, expected", [("alice", ("late_cancelled", 6000)), ("dee", ("cancelled", None))])
def test_who_moves_late_cancels_late_whenever_that_is(cast, by, expected):
    booked, rules = book(cast), current_rules(db.session())
    later = Wish(cast.individual, cast.bob, at(MONDAY + timedelta(days=7), 10), "online")
    act(lambda s: move_appointment(s, rules, booked.public_id, later, by=cast.identity(by), now=SOON))
    assert (places()[cast.alice.id].moved_late_at == SOON) is (by == "alice")
    act(lambda s: cancel_attendance(s, places()[cast.alice.id].public_id, by=cast.identity("alice"), now=SOON))
    row = places()[cast.alice.id]
    assert (row.status, row.late_fee_cents) == expected


def test_an_early_move_costs_nothing_afterwards(cast):
    booked, rules = book(cast), current_rules(db.session())
    later = Wish(cast.individual, cast.bob, at(MONDAY, 13), "online")
    act(lambda s: move_appointment(s, rules, booked.public_id, later, by=cast.identity("alice"), now=NOW))
    assert places()[cast.alice.id].moved_late_at is None


def test_a_move_is_put_back_to_where_the_record_says_it_was(cast):
    booked, rules, dee = book(cast), current_rules(db.session()), cast.identity("dee")
    wish = Wish(cast.individual, cast.bea, at(MONDAY, 13), "in_person")
    act(lambda s: move_appointment(s, rules, booked.public_id, wish, by=dee, now=NOW))
    for wrong in (NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)):
        with pytest.raises(ImpossibleStep):
            act(lambda s, at=wrong: put_back(s, rules, booked.public_id, at, AS_BEFORE, by=dee, now=NOW))
    found = act(lambda s: put_back(s, rules, booked.public_id, NOW, AS_BEFORE, by=dee, now=NOW + timedelta(minutes=1)))
    assert (found.therapist.id, found.starts_at, found.modality, found.room) == (cast.bob, TEN, "online", None)
    row = db.session.scalars(select(Appointment)).one()
    assert (row.starts_at, row.modality, row.room_id) == (TEN, "online", None)
    # Pressed twice, nothing happens twice; moved elsewhere since, it stays there.
    later = NOW + timedelta(minutes=2)
    act(lambda s: put_back(s, rules, booked.public_id, NOW, AS_BEFORE, by=dee, now=later))
    assert db.session.scalar(select(Appointment.sequence)) == 2
    act(lambda s: move_appointment(s, rules, booked.public_id, wish, by=dee, now=later))
    with pytest.raises(ImpossibleStep):
        act(lambda s: put_back(s, rules, booked.public_id, NOW, AS_BEFORE, by=dee, now=NOW + timedelta(minutes=4)))
    assert broken() == []


def test_who_comes_back_after_a_move_is_told_where_to(cast):
    """One of two cancels, the session moves, and the cancellation was a slip: they hear of the move after all."""
    booked, rules = book(cast, "alice", "charlie", service="couple"), current_rules(db.session())
    dee = cast.identity("dee")
    place = places()[cast.charlie.id].public_id
    act(lambda s: cancel_attendance(s, place, by=dee, now=NOW))
    wish = Wish(cast.couple, cast.bob, at(MONDAY, 13), "online")
    minute = timedelta(minutes=1)
    act(lambda s: move_appointment(s, rules, booked.public_id, wish, by=dee, now=NOW + minute))
    act(lambda s: undo_cancelled_place(s, place, by=dee, now=NOW + 2 * minute))
    told = select(OutboxMessage.to_email, OutboxMessage.due_at).where(OutboxMessage.template == "moved")
    db.session.close()
    assert {tuple(row) for row in db.session.execute(told)} == {
        ("alice@demo.test", NOW + 4 * minute),
        ("charlie@demo.test", NOW + 5 * minute),
    }
    assert broken() == []
