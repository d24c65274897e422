"""Taking time: what is booked keeps therapist, room and client, and nobody else gets it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from practice.db import as_practice_error, db, unit_of_work
from practice.domain.errors import ClientBusy, GroupFull, HoldEnded, NotOffered, RoomTaken, SlotTaken
from practice.domain.permissions import STRANGER
from practice.models import Appointment, Attendance, AuditEvent, Hold, Occupancy, Offer, OutboxMessage, Resource
from practice.queries.busy import current_rules
from practice.services import ledger
from practice.services.booking import Booked, Keep, book_appointment, confirm_hold, hold_slot
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.finding import Wish
from practice.services.holds import release_expired
from practice.services.moving import move_appointment
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at

NINE = at(MONDAY, 9)


def wish(cast: Cast, **changes: object) -> Wish:
    asked = {"service_id": cast.individual, "therapist_id": cast.bob, "starts_at": NINE, "modality": "in_person"}
    return Wish(**{**asked, **changes})  # type: ignore[arg-type]


def book(cast: Cast, who: str = "alice", **changes: object) -> Booked:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        return book_appointment(
            session, rules, wish(cast, **changes), [cast.parties[who]], by=cast.identity(who), now=NOW
        )


def hold(cast: Cast, minutes: int = 15, **changes: object) -> tuple[int, Booked]:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        made, booked = hold_slot(
            session,
            rules,
            wish(cast, service_id=cast.consultation, **changes),
            by=STRANGER,
            now=NOW,
            keep=Keep(until=NOW + timedelta(minutes=minutes), holder_hash=b"browser"),
        )
        return made.id, booked


def ledger_rows(session: Session) -> set[tuple[int, object, object]]:
    return {
        tuple(row) for row in session.execute(select(Occupancy.resource_id, Occupancy.starts_at, Occupancy.ends_at))
    }


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_booking_keeps_therapist_and_room_with_buffers_and_the_client_without(cast: Cast) -> None:
    booked = book(cast)
    ends_at = NINE + timedelta(minutes=50)
    assert ledger_rows(db.session()) == {
        (cast.resources["bob"], NINE, ends_at + timedelta(minutes=10)),
        (cast.resources["willow"], NINE, ends_at + timedelta(minutes=10)),
        (cast.alice.resource_id, NINE, ends_at),
    }
    assert (booked.status, booked.ends_at, booked.price_cents) == ("booked", ends_at, 14000)
    assert count(AuditEvent) == 5  # two clients were created and given access, one session was booked
    assert db.session.scalars(select(OutboxMessage.to_email)).all() == ["alice@demo.test"]


@pytest.mark.parametrize("minutes", [-30, 0, 30])
def test_what_overlaps_a_booking_or_its_buffer_is_taken(cast: Cast, minutes: int) -> None:
    book(cast, starts_at=at(MONDAY, 10))
    with pytest.raises(SlotTaken):
        book(cast, "charlie", starts_at=at(MONDAY, 10) + timedelta(minutes=minutes))
    assert count(Appointment) == 1


def test_sessions_may_follow_each_other_at_the_buffer(cast: Cast) -> None:
    book(cast)
    book(cast, "charlie", starts_at=at(MONDAY, 10))
    assert count(Appointment) == 2


def test_the_last_room_is_given_once(cast: Cast) -> None:
    book(cast)
    book(cast, "charlie", therapist_id=cast.bea)
    with unit_of_work() as session:
        cancel_appointment(
            session,
            session.scalars(select(Appointment.public_id).order_by(Appointment.id)).all()[1],
            by=cast.identity("dee"),
            now=NOW,
            by_practice=True,
        )
        one = session.scalars(select(Appointment.id).where(Appointment.status == "booked")).one()
        ledger.claim(session, one, [ledger.Claim(cast.resources["birch"], NINE, NINE + timedelta(hours=1))])
    with pytest.raises(RoomTaken):
        book(cast, "charlie", therapist_id=cast.bea)
    book(cast, "charlie", therapist_id=cast.bea, modality="online")


def test_a_client_is_in_one_place_at_a_time(cast: Cast) -> None:
    book(cast)
    with pytest.raises(ClientBusy):
        book(cast, therapist_id=cast.bea, starts_at=at(MONDAY, 9, 30))


@pytest.mark.parametrize(
    "starts_at, code",
    [
        (at(MONDAY, 8), "outside_hours"),
        (at(MONDAY, 16, 30), "outside_hours"),
        (at(MONDAY, 9, 10), "not_on_step"),
        (NOW - timedelta(days=7), "too_soon"),
        (NINE + timedelta(days=70), "too_far"),
        (NINE + timedelta(seconds=1), "not_on_step"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_the_reason_for_staff(
    cast: Cast, starts_at: object, code: str
) -> None:
    rules = current_rules(db.session())
    with pytest.raises(NotOffered) as refused, unit_of_work() as session:
        book_appointment(
            session, rules, wish(cast, starts_at=starts_at), [cast.alice], by=cast.identity("dee"), now=NOW
        )
    assert refused.value.detail == {"reason": code}
    assert count(Appointment) == 0


def test_a_stranger_is_not_told_the_reason(cast: Cast) -> None:
    with pytest.raises(NotOffered) as refused:
        hold(cast, starts_at=at(MONDAY, 8))
    assert refused.value.detail == {}


def test_a_rule_that_changed_since_it_was_read_counts(cast: Cast) -> None:
    stale = current_rules(db.session())
    with unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE availability SET start_minute = 600")
    with pytest.raises(NotOffered), unit_of_work() as session:
        book_appointment(session, stale, wish(cast), [cast.alice], by=cast.identity("alice"), now=NOW)


def test_the_database_itself_forbids_two_rows_that_overlap(cast: Cast) -> None:
    booked = book(cast)
    with pytest.raises(IntegrityError) as refused, unit_of_work() as session:
        ledger.claim(
            session,
            booked.id,
            [ledger.Claim(cast.resources["bob"], NINE + timedelta(minutes=59), NINE + timedelta(hours=2))],
        )
    assert isinstance(as_practice_error(refused.value), SlotTaken)


def test_a_hold_keeps_the_time_until_it_ends_and_then_gives_way(cast: Cast) -> None:
    hold(cast, minutes=10)
    with pytest.raises(SlotTaken):
        book(cast)
    rules = current_rules(db.session())
    later = NOW + timedelta(minutes=10)
    with unit_of_work() as session:
        book_appointment(session, rules, wish(cast), [cast.alice], by=cast.identity("alice"), now=later)
    assert count(Hold) == 0
    assert count(Appointment) == 1


def test_a_hold_is_confirmed_once(cast: Cast) -> None:
    hold_id, held = hold(cast)
    with unit_of_work() as session:
        booked = confirm_hold(session, hold_id, [cast.alice], by=STRANGER, now=NOW)
    assert (booked.public_id, booked.status) == (held.public_id, "booked")
    assert cast.alice.resource_id in {row[0] for row in ledger_rows(db.session())}
    with pytest.raises(HoldEnded), unit_of_work() as session:
        confirm_hold(session, hold_id, [cast.charlie], by=STRANGER, now=NOW)


def test_the_worker_releases_ended_holds_only(cast: Cast) -> None:
    hold(cast, minutes=10)
    hold(cast, minutes=20, starts_at=at(MONDAY, 11))
    with unit_of_work() as session:
        assert release_expired(session, NOW + timedelta(minutes=15)) == 1
    assert {row[1] for row in ledger_rows(db.session())} == {at(MONDAY, 11)}
    assert count(Appointment) == 1


def test_a_group_takes_as_many_as_it_has_places(cast: Cast) -> None:
    with unit_of_work() as session:
        add_group_date(session, cast, NINE, capacity=1)
    book(cast, service_id=cast.group)
    with pytest.raises(GroupFull):
        book(cast, "charlie", service_id=cast.group)
    with unit_of_work() as session:
        place = session.scalars(select(Attendance.public_id)).one()
        cancel_attendance(session, place, by=cast.identity("alice"), now=NOW)
    book(cast, "charlie", service_id=cast.group)
    assert db.session.scalars(select(Appointment.places_taken)).one() == 1


def test_a_client_who_left_a_group_can_come_back(cast: Cast) -> None:
    with unit_of_work() as session:
        add_group_date(session, cast, NINE)
    book(cast, service_id=cast.group)
    with unit_of_work() as session:
        cancel_attendance(
            session, session.scalars(select(Attendance.public_id)).one(), by=cast.identity("alice"), now=NOW
        )
    book(cast, service_id=cast.group)
    assert db.session.execute(select(Attendance.status, Attendance.late_fee_cents)).all() == [("booked", None)]


def test_a_couple_has_two_places_and_one_may_cancel(cast: Cast) -> None:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        book_appointment(
            session,
            rules,
            wish(cast, service_id=cast.couple),
            [cast.alice, cast.charlie],
            by=cast.identity("dee"),
            now=NOW,
        )
    assert {cast.alice.resource_id, cast.charlie.resource_id} <= {row[0] for row in ledger_rows(db.session())}
    with unit_of_work() as session:
        first = session.scalars(select(Attendance.public_id).order_by(Attendance.id)).first() or ""
        cancel_attendance(session, first, by=cast.identity("alice"), now=NOW)
    assert db.session.execute(select(Appointment.status, Appointment.places_taken)).one() == ("booked", 1)


def test_moving_wins_the_new_time_before_it_gives_up_the_old(cast: Cast) -> None:
    booked = book(cast)
    book(cast, "charlie", starts_at=at(MONDAY, 11))
    rules = current_rules(db.session())
    before = ledger_rows(db.session())
    with pytest.raises(SlotTaken), unit_of_work() as session:
        move_appointment(
            session, rules, booked.public_id, wish(cast, starts_at=at(MONDAY, 11)), by=cast.identity("alice"), now=NOW
        )
    db.session.rollback()
    assert ledger_rows(db.session()) == before
    with unit_of_work() as session:
        move_appointment(
            session,
            rules,
            booked.public_id,
            wish(cast, starts_at=at(MONDAY, 9, 30)),
            by=cast.identity("alice"),
            now=NOW,
        )
    assert db.session.execute(
        select(Appointment.sequence, Appointment.starts_at).where(Appointment.public_id == booked.public_id)
    ).one() == (1, at(MONDAY, 9, 30))


def test_a_session_that_moves_to_another_therapist_costs_what_theirs_cost(cast: Cast) -> None:
    booked = book(cast)
    with unit_of_work() as session:
        wanted = (Offer.therapist_id == cast.bea, Offer.service_id == cast.individual)
        session.execute(update(Offer).where(*wanted).values(price_cents=16000))
    rules = current_rules(db.session())
    with unit_of_work() as session:
        new = wish(cast, therapist_id=cast.bea, starts_at=at(MONDAY, 11))
        move_appointment(session, rules, booked.public_id, new, by=cast.identity("alice"), now=NOW)
    assert db.session.scalars(select(Appointment.price_cents)).one() == 16000
    assert db.session.scalars(select(Attendance.fee_cents)).one() == 16000


@pytest.mark.parametrize("hours, status, fee", [(24, "cancelled", None), (23, "late_cancelled", 6000)])
def test_cancelling_is_free_until_the_hour_that_was_said(cast: Cast, hours: int, status: str, fee: int | None) -> None:
    booked = book(cast)
    with unit_of_work() as session:
        cancel_appointment(
            session, booked.public_id, by=cast.identity("alice"), now=NINE - timedelta(hours=hours), by_practice=False
        )
    assert ledger_rows(db.session()) == set()
    assert db.session.execute(select(Attendance.status, Attendance.late_fee_cents)).one() == (status, fee)


def test_a_change_moves_the_revision_of_everybody_concerned(cast: Cast) -> None:
    def revisions() -> dict[int, int]:
        db.session.rollback()
        return {row[0]: row[1] for row in db.session.execute(select(Resource.id, Resource.revision))}

    before = revisions()
    booked = book(cast)
    after = revisions()
    concerned = {cast.resources["bob"], cast.resources["willow"], cast.alice.resource_id}
    assert {resource for resource in after if after[resource] > before[resource]} == concerned
    with unit_of_work() as session:
        cancel_appointment(session, booked.public_id, by=cast.identity("alice"), now=NOW, by_practice=False)
    assert all(revisions()[resource] > after[resource] for resource in concerned)
