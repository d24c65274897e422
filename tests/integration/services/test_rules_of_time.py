"""The rules of time under locks: what a page offered a moment ago is refused once it is too much, staff are told why.

After each step the slot engine (what a process remembers) and the explanation (the ledger itself) agree on the day.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import NotFound, NotOffered, RoomTaken
from practice.domain.intervals import instant
from practice.domain.needs import Needs
from practice.domain.permissions import STRANGER
from practice.domain.reasons import FOR_CLIENTS, Code
from practice.models import (
    Appointment,
    Attendance,
    Client,
    Licence,
    Occupancy,
    Practice,
    Room,
    Service,
    ServiceDuration,
    Therapist,
)
from practice.queries.busy import current_rules
from practice.queries.explained import explained_day
from practice.queries.pasts import past_of
from practice.queries.slots import times_of
from practice.services.booking import Booked, Keep, book_appointment, confirm_hold, hold_slot
from practice.services.cancelling import cancel_attendance
from practice.services.finding import Override, Wish
from practice.services.moving import move_appointment
from tests.support.cast import MONDAY, NOW, ZONE, Cast, at

TUESDAY = MONDAY + timedelta(days=1)
NINE = at(MONDAY, 9)
STEP_FREE = Needs(frozenset(["step_free"]))


def set_to(model, which: int, **values: object) -> None:
    with unit_of_work() as session:
        session.execute(update(model).where(model.id == which).values(**values))


def wish(cast: Cast, **changes: object) -> Wish:
    asked = {"service_id": cast.individual, "therapist_id": cast.bob, "starts_at": NINE, "modality": "online"}
    return Wish(**{**asked, **changes})  # type: ignore[arg-type]


def book(cast: Cast, who: str = "alice", by: str | None = None, **changes: object) -> Booked:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        return book_appointment(
            session, rules, wish(cast, **changes), [cast.parties[who]], by=cast.identity(by or who), now=NOW
        )


def hold(cast: Cast, now=NOW, **changes: object) -> int:
    rules = current_rules(db.session())
    keep = Keep(until=now + timedelta(minutes=15), holder_hash=b"browser")
    with unit_of_work() as session:
        return hold_slot(session, rules, wish(cast, **changes), by=STRANGER, now=now, keep=keep)[0].id


def offered(cast: Cast, on: date = MONDAY, asking: Asking = NOT_ASKING, service="individual", now=NOW) -> list[str]:
    """Return the hours at which Bob can be booked on a day, once the explanation has said the same."""
    times = times_of(db.session(), service, "bob", viewer="clients", now=now, asking=asking)
    slots = times.between(on, on, ZONE)
    day = explained_day(db.session(), service, "bob", on, viewer="clients", now=now, asking=asking)
    db.session.remove()
    assert [(slot.start, slot.ways) for slot in slots] == [
        (each.start, each.ways) for each in day.verdicts if each.ways
    ]
    return [f"{instant(slot.start) - at(on, 0)}"[:-3] for slot in slots]


def reason(cast: Cast, **changes: object) -> str:
    """Return why the desk cannot book it."""
    with pytest.raises(NotOffered) as refused:
        book(cast, by="dee", **changes)
    return str(refused.value.detail["reason"])


def known(cast: Cast, who: str) -> Asking:
    found = past_of(db.session(), [cast.parties[who].resource_id], cast.individual, now=NOW)
    db.session.remove()
    return Asking(past=found)


def test_a_length_has_its_own_price_and_time_and_extra_minutes_cost_nothing(cast: Cast) -> None:
    with unit_of_work() as session:
        session.add(ServiceDuration(service_id=cast.individual, minutes=80, price_cents=21000))
    assert "16:00" in offered(cast)
    assert offered(cast, asking=Asking(duration_minutes=80))[-1] == "15:30"
    longer = book(cast, duration_minutes=80, needs=Needs(extra_minutes=15))
    assert (longer.ends_at - longer.starts_at, longer.price_cents) == (timedelta(minutes=95), 21000)
    own = book(cast, "charlie", starts_at=at(TUESDAY, 9), needs=Needs(extra_minutes=15))
    assert (own.ends_at - own.starts_at, own.price_cents) == (timedelta(minutes=65), 14000)
    assert offered(cast)[0] == "11:00"  # 95 minutes and the 10 after
    assert reason(cast, starts_at=at(TUESDAY, 12), duration_minutes=81) == "duration_not_offered"
    with pytest.raises(NotFound):
        offered(cast, asking=Asking(duration_minutes=81))


def test_only_a_room_with_all_that_is_needed_is_given_and_only_who_works_with_an_interpreter(cast: Cast) -> None:
    set_to(Room, cast.rooms[1], features=["step_free", "quiet"])
    set_to(Service, cast.individual, room_features=["quiet"], online=False)
    assert offered(cast, asking=Asking(needs=STEP_FREE))[0] == "9:00"
    book(cast, "charlie", therapist_id=cast.bea, modality="in_person")
    given = db.session.scalars(select(Appointment.room_id)).all()
    assert given == [cast.rooms[1]]
    db.session.remove()
    assert offered(cast)[0] == "10:00"  # the other room is free, and not quiet
    with pytest.raises(RoomTaken):
        book(cast, modality="in_person")
    speaks = Needs(interpreter=True)
    assert offered(cast, asking=Asking(needs=speaks)) == []
    assert reason(cast, starts_at=at(TUESDAY, 9), modality="in_person", needs=speaks) == "no_interpreter"
    set_to(Therapist, cast.bob, works_with_interpreter=True)
    assert offered(cast, asking=Asking(needs=speaks))[0] == "10:00"


def test_sessions_online_need_a_licence_where_the_client_is_on_that_day(cast: Cast) -> None:
    with unit_of_work() as session:
        session.add(Licence(therapist_id=cast.bob, title="LCSW", region="NJ", number="1", expires_on=MONDAY))
    there = Asking(region="NJ")
    assert offered(cast, TUESDAY, there) == offered(cast, TUESDAY)  # nobody checks
    set_to(Practice, 1, checks_licences=True)
    rules = current_rules(db.session())
    assert set(offered(cast, MONDAY, there)) == set(offered(cast))
    slots = times_of(db.session(), "individual", "bob", viewer="clients", now=NOW, asking=there)
    assert {slot.ways.online for slot in slots.between(TUESDAY, TUESDAY, ZONE)} == {False}
    book(cast, region="NJ")
    asked = wish(cast, region="NJ", starts_at=at(TUESDAY, 9))
    with pytest.raises(NotOffered) as refused, unit_of_work() as session:
        book_appointment(session, rules, asked, [cast.alice], by=cast.identity("alice"), now=NOW)
    assert refused.value.message == FOR_CLIENTS[Code.NOT_LICENSED]
    set_to(Client, cast.charlie.id, region="CA")  # what is known of the client counts where nobody asked
    assert reason(cast, who="charlie", starts_at=at(TUESDAY, 9)) == "not_licensed"
    book(cast, "charlie", starts_at=at(TUESDAY, 9), modality="in_person")


def test_a_session_between_two_runs_joins_them_and_a_move_does_not_count_itself(cast: Cast) -> None:
    set_to(Therapist, cast.bob, max_in_row=3)
    book(cast)
    book(cast, "charlie", starts_at=at(MONDAY, 10))
    assert "11:00" in offered(cast)
    rules = current_rules(db.session())  # a page has shown 11:00, and somebody books 12:00
    late = book(cast, starts_at=at(MONDAY, 12))
    assert offered(cast)[0] == "13:00"
    asked = wish(cast, starts_at=at(MONDAY, 11))
    with pytest.raises(NotOffered) as refused, unit_of_work() as session:
        book_appointment(session, rules, asked, [cast.charlie], by=cast.identity("charlie"), now=NOW)
    assert (refused.value.message, refused.value.detail) == (NotOffered.message, {})
    assert reason(cast, who="charlie", starts_at=at(MONDAY, 11)) == "too_many_in_a_row"
    with unit_of_work() as session:
        move_appointment(
            session, rules, late.public_id, wish(cast, starts_at=at(MONDAY, 11)), by=cast.identity("alice"), now=NOW
        )
    assert reason(cast, starts_at=at(MONDAY, 12)) == "too_many_in_a_row"
    anyway = Override(frozenset([Code.TOO_MANY_IN_A_ROW]), "The room floods tomorrow")
    book(cast, by="dee", starts_at=at(MONDAY, 12), override=anyway)
    codes = db.session.scalars(select(Appointment.override_codes).order_by(Appointment.id.desc())).first()
    assert codes == ["too_many_in_a_row"]


def test_a_day_is_full_for_everybody_until_a_hold_lapses(cast: Cast) -> None:
    book(cast)
    assert offered(cast)[0] == "10:00"
    set_to(Therapist, cast.bob, max_a_day=2)  # what is known of the ledger is looked at anew, session by session
    assert offered(cast)[0] == "10:00"
    hold(cast, service_id=cast.consultation, starts_at=at(MONDAY, 11))
    assert offered(cast) == []
    assert offered(cast, TUESDAY) != []
    assert reason(cast, starts_at=at(MONDAY, 14)) == "too_many_that_day"
    later = NOW + timedelta(minutes=15)
    assert "14:00" in offered(cast, now=later)
    rules = current_rules(db.session())
    with unit_of_work() as session:
        asked = wish(cast, starts_at=at(MONDAY, 14))
        book_appointment(session, rules, asked, [cast.charlie], by=cast.identity("charlie"), now=later)


def test_first_sessions_of_a_week_are_counted_and_those_who_are_known_may_still_come(cast: Cast) -> None:
    set_to(Therapist, cast.bob, max_first_a_week=1)
    first = book(cast)
    again = book(cast, starts_at=at(TUESDAY, 9))
    marks = db.session.execute(select(Appointment.public_id, Appointment.is_first)).all()
    assert dict(tuple(row) for row in marks) == {first.public_id: True, again.public_id: False}
    db.session.remove()
    assert offered(cast, TUESDAY, known(cast, "charlie")) == []
    assert "15:00" in offered(cast, TUESDAY, known(cast, "alice"))
    assert reason(cast, who="charlie", starts_at=at(TUESDAY, 15)) == "too_many_first_sessions"
    assert reason(cast, who="charlie", starts_at=at(MONDAY + timedelta(days=4), 15)) == "too_many_first_sessions"
    with pytest.raises(NotOffered):
        hold(cast, service_id=cast.consultation, starts_at=at(TUESDAY, 15))
    book(cast, "charlie", starts_at=at(MONDAY + timedelta(days=7), 9))  # the next week
    # Charlie's own is first now wherever it is: before it nothing else would be known.
    assert offered(cast, TUESDAY, known(cast, "charlie")) == []


def test_a_client_has_so_many_a_week_and_gets_one_back_by_cancelling(cast: Cast) -> None:
    set_to(Service, cast.individual, max_per_week=1)
    booked = book(cast)
    assert offered(cast, TUESDAY, known(cast, "alice")) == []
    assert offered(cast, TUESDAY, known(cast, "charlie")) == offered(cast, TUESDAY)
    assert reason(cast, starts_at=at(TUESDAY, 9)) == "too_many_that_week"
    with pytest.raises(NotOffered) as refused:
        book(cast, starts_at=at(TUESDAY, 9))
    assert refused.value.message == FOR_CLIENTS[Code.TOO_MANY_THAT_WEEK]
    rules = current_rules(db.session())
    with unit_of_work() as session:
        there = wish(cast, starts_at=at(TUESDAY, 9))
        move_appointment(session, rules, booked.public_id, there, by=cast.identity("alice"), now=NOW)
    with unit_of_work() as session:
        cancel_attendance(session, booked.places[0], by=cast.identity("alice"), now=NOW)
    book(cast, starts_at=at(MONDAY, 15))


def test_a_consultation_comes_first_and_counts_as_soon_as_it_is_booked(cast: Cast) -> None:
    set_to(Service, cast.individual, needs_consultation=True, audience="public")
    assert offered(cast, asking=known(cast, "alice")) == []
    with pytest.raises(NotOffered) as refused:
        hold(cast)
    assert refused.value.message == FOR_CLIENTS[Code.CONSULTATION_FIRST]
    book(cast, service_id=cast.consultation, starts_at=at(MONDAY, 12))
    assert offered(cast, asking=known(cast, "alice"))[0] == "12:30"
    assert reason(cast, starts_at=at(MONDAY, 10)) == "consultation_first"
    book(cast, starts_at=at(MONDAY, 14))
    assert reason(cast, who="charlie", starts_at=at(MONDAY, 16)) == "consultation_first"


def test_whose_a_held_time_becomes_is_looked_at_again(cast: Cast) -> None:
    set_to(Service, cast.consultation, max_per_week=1)
    hold_id = hold(cast, service_id=cast.consultation)
    assert db.session.scalars(select(Appointment.is_first)).all() == [True]
    db.session.remove()
    book(cast, service_id=cast.consultation, starts_at=at(TUESDAY, 9))
    with pytest.raises(NotOffered) as refused, unit_of_work() as session:
        confirm_hold(session, hold_id, [cast.alice], by=STRANGER, now=NOW)
    assert refused.value.message == FOR_CLIENTS[Code.TOO_MANY_THAT_WEEK]
    with unit_of_work() as session:
        confirm_hold(session, hold_id, [cast.charlie], by=STRANGER, now=NOW)
    next_week = hold(cast, service_id=cast.consultation, starts_at=at(MONDAY + timedelta(days=7), 9))
    with unit_of_work() as session:
        confirm_hold(session, next_week, [cast.charlie], by=STRANGER, now=NOW)
    order = select(Appointment.is_first).order_by(Appointment.id)
    assert db.session.scalars(order).all() == [True, True, False]


def test_a_first_session_that_was_not_held_as_one_is_counted_when_it_is_confirmed(cast: Cast) -> None:
    set_to(Therapist, cast.bob, max_first_a_week=1)
    rules = current_rules(db.session())
    keep = Keep(until=NOW + timedelta(minutes=15), holder_hash=b"browser")
    with unit_of_work() as session:  # somebody who is signed in, and nobody said for whom
        kept = hold_slot(session, rules, wish(cast), by=cast.identity("alice"), now=NOW, keep=keep)[0].id
    book(cast, "charlie", starts_at=at(TUESDAY, 9))
    with pytest.raises(NotOffered), unit_of_work() as session:
        confirm_hold(session, kept, [cast.alice], by=cast.identity("alice"), now=NOW)


def test_a_request_that_nobody_answered_in_time_keeps_nothing(cast: Cast) -> None:
    set_to(Therapist, cast.bob, max_a_day=1)
    booked = book(cast)
    due = NOW + timedelta(hours=48)
    set_to(Appointment, booked.id, status="requested", answer_by=due)
    assert offered(cast, now=due - timedelta(seconds=1)) == []
    assert offered(cast, now=due)[0] == "9:00"
    assert known_at(cast, due) == frozenset()
    assert db.session.scalar(select(Attendance.status)) == "booked"
    assert db.session.scalars(select(Occupancy.id)).all() != []


def known_at(cast: Cast, now) -> frozenset[tuple[int, int]]:
    return past_of(db.session(), [cast.alice.resource_id], cast.individual, now=now).met


def test_two_who_come_together_are_looked_at_as_one(cast: Cast) -> None:
    set_to(Service, cast.couple, needs_consultation=True, max_per_week=1)
    book(cast, service_id=cast.consultation)
    both = [cast.alice.resource_id, cast.charlie.resource_id]
    found = past_of(db.session(), both, cast.couple, now=NOW)
    assert (found.met, found.consulted_at is None, found.starts) == (frozenset(), False, ((), ()))
    rules = current_rules(db.session())
    pair = [cast.alice, cast.charlie]
    asked = replace(wish(cast), service_id=cast.couple, starts_at=at(TUESDAY, 9))
    with unit_of_work() as session:
        booked = book_appointment(session, rules, asked, pair, by=cast.identity("dee"), now=NOW)
    assert db.session.scalar(select(Appointment.is_first).where(Appointment.id == booked.id)) is True
    assert all(past_of(db.session(), both, cast.couple, now=NOW).starts)
    with unit_of_work() as session:  # one of the two leaves, the other comes
        session.execute(update(Attendance).where(Attendance.client_id == cast.charlie.id).values(status="cancelled"))
    assert past_of(db.session(), [cast.charlie.resource_id], cast.couple, now=NOW).starts == ((),)
    db.session.remove()
    later = replace(asked, starts_at=at(TUESDAY, 14))
    with pytest.raises(NotOffered) as refused, unit_of_work() as session:
        book_appointment(session, rules, later, pair, by=cast.identity("dee"), now=NOW)
    assert refused.value.detail["reason"] == "too_many_that_week"


def test_a_session_stays_as_long_as_it_is_when_it_moves_and_costs_the_same(cast: Cast) -> None:
    with unit_of_work() as session:
        session.add(ServiceDuration(service_id=cast.individual, minutes=80, price_cents=21000))
    needs = Needs(extra_minutes=30)  # 50 and 30: as long as the other length, and not it
    booked = book(cast, needs=needs)
    longer = book(cast, "charlie", starts_at=at(MONDAY, 13), duration_minutes=80, needs=Needs(extra_minutes=5))
    rules = current_rules(db.session())
    for public_id, who, hour in ((booked.public_id, "alice", 11), (longer.public_id, "charlie", 14)):
        with unit_of_work() as session:
            there = wish(cast, starts_at=at(MONDAY, hour))
            move_appointment(session, rules, public_id, there, by=cast.identity(who), now=NOW)
    rows = db.session.execute(select(Appointment).order_by(Appointment.starts_at)).scalars().all()
    assert [(row.ends_at - row.starts_at) // timedelta(minutes=1) for row in rows] == [80, 85]
    assert [row.price_cents for row in rows] == [14000, 21000]
