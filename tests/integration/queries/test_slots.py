"""Open times from both databases: few statements, however many therapists, and never out of date."""

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, update

from practice.db import db, unit_of_work
from practice.domain.asking import Asking, Past
from practice.domain.errors import NotFound
from practice.domain.intervals import instant
from practice.domain.needs import Needs
from practice.domain.slots import Slot
from practice.models import (
    Appointment,
    AppointmentTherapist,
    Availability,
    DateHours,
    DateHoursSpan,
    Hold,
    Licence,
    Occupancy,
    OutsideBusy,
    Practice,
    Service,
    Therapist,
    TimeOff,
)
from practice.queries.busy import current_rules
from practice.queries.rule_book import read_rule_book
from practice.queries.slots import Times, times_of
from practice.web.api.slot_list import slot_list
from tests.support.practices import NEW_YORK, Made, make_practice, take

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # Wednesday, 8:00 AM in New York
FRIDAY = date(2026, 11, 27)
NINE = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)  # 9:00 AM that Friday


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement that the reader runs."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """Inside the application, as a request is."""
    with app.app_context():
        yield app


def made_of(**sizes: int) -> Made:
    """Make a practice and return its ids."""
    with unit_of_work() as session:
        return make_practice(session, NOW, **sizes)


def times(service: str = "individual", therapist: str | None = None, *, now: datetime = NOW, viewer="public") -> Times:
    """Ask as one request does: on a session that begins with it and ends with it."""
    found = times_of(db.session(), service, therapist, viewer=viewer, now=now)
    db.session.remove()
    return found


def clocks(found: Times, on: date = FRIDAY) -> list[str]:
    """Return the UTC clock times of one day's slots."""
    document = json.loads(slot_list(found, on, on, "UTC"))
    return [slot["starts_at"][11:16] for slot in document["slots"]]


WHOLE_DAY = ["14:00", "15:00", "16:00", "18:00", "19:00", "20:00", "21:00"]


@pytest.mark.parametrize("count", [1, 20, 200])
def test_any_number_of_therapists_costs_one_statement_and_never_more_than_three(in_app: Flask, count: int) -> None:
    made = made_of(therapists=count, rooms=count)
    with statements() as cold:
        first = times()
    with statements() as warm:
        second = times()
    with unit_of_work() as session:
        take(session, made, NINE, therapist=count - 1, room=count - 1)
    with statements() as after_booking:
        third = times()
    with unit_of_work() as session:
        off = {"starts_at": NINE + timedelta(hours=1), "ends_at": NINE + timedelta(hours=3)}
        session.execute(insert(TimeOff), [{"therapist_id": made.therapists[0], **off}])
        take(session, made, NINE + timedelta(hours=5), therapist=count - 1, room=count - 1)
    with statements() as after_both:
        fourth = times()
    assert [len(cold), len(warm), len(after_booking), len(after_both)] == [3, 1, 2, 3]
    listed = [len(found.between(FRIDAY, FRIDAY, NEW_YORK)) for found in (first, second, third, fourth)]
    assert listed == [7 * count, 7 * count, 7 * count - 1, 7 * count - 4]


def test_every_rule_of_time_costs_no_statement_more(in_app: Flask) -> None:
    made = made_of(therapists=20, rooms=20)
    with unit_of_work() as session:
        guard = {"max_in_row": 3, "max_a_day": 6, "max_first_a_week": 5, "works_with_interpreter": True}
        session.execute(update(Therapist).values(**guard))
        session.execute(update(Practice).values(checks_licences=True))
        session.execute(update(Service).values(max_per_week=2, needs_consultation=True))
        row = {"therapist_id": made.therapists[7], "title": "LCSW", "region": "NJ", "number": "1"}
        session.execute(insert(Licence), [row])
    consulted = Past(consulted_at=0, starts=((),))
    asking = Asking(needs=Needs(interpreter=True, extra_minutes=10), region="NJ", past=consulted)

    def ask() -> list[Slot]:
        found = times_of(db.session(), "individual", None, viewer="clients", now=NOW, asking=asking)
        db.session.remove()
        return found.between(FRIDAY, FRIDAY, NEW_YORK)

    with statements() as cold:
        first = ask()
    with statements() as warm:
        ask()
    with unit_of_work() as session:
        for hour in range(3):
            take(session, made, NINE + timedelta(hours=hour), therapist=7, room=7)
    with statements() as after_booking:
        later = ask()
    assert [len(cold), len(warm), len(after_booking)] == [3, 1, 2]
    assert {slot.therapist_id for slot in first if slot.ways.online} == {made.therapists[7]}
    gone = {instant(slot.start).hour for slot in set(first) - set(later)}
    assert gone == {14, 15, 16}  # what was taken; after lunch there was a break


def test_one_therapist_reads_no_other(in_app: Flask) -> None:
    made_of(therapists=20, rooms=2)
    found = times(therapist="therapist-007")
    assert clocks(found) == WHOLE_DAY
    assert len(found.openings.busy) == 3
    assert clocks(times(therapist="therapist-008")) == WHOLE_DAY
    assert len(times().between(FRIDAY, FRIDAY, NEW_YORK)) == 140


def test_a_booking_takes_its_time_away_and_a_cancellation_gives_it_back(in_app: Flask) -> None:
    made = made_of()
    assert clocks(times()) == WHOLE_DAY
    with unit_of_work() as session:
        appointment = take(session, made, NINE)
    assert clocks(times()) == WHOLE_DAY[1:]
    with unit_of_work() as session:
        session.execute(delete(Occupancy).where(Occupancy.appointment_id == appointment))
    assert clocks(times()) == WHOLE_DAY


def test_rooms_that_run_out_leave_online_sessions(in_app: Flask) -> None:
    made = made_of(therapists=2, rooms=1)
    with unit_of_work() as session:
        take(session, made, NINE, therapist=0)
    slots = json.loads(slot_list(times(), FRIDAY, FRIDAY, NEW_YORK))["slots"]
    assert slots[0] == {
        "starts_at": "2026-11-27T09:00:00-05:00",
        "ends_at": "2026-11-27T09:50:00-05:00",
        "therapist": "therapist-001",
        "service": "individual",
        "modalities": ["online"],
    }
    assert slots[1]["modalities"] == ["in_person", "online"]


def test_a_rolled_back_booking_leaves_nothing_behind(in_app: Flask) -> None:
    made = made_of()
    with contextlib.suppress(ZeroDivisionError), unit_of_work() as session:
        take(session, made, NINE)
        inside = times_of(session, "individual", None, viewer="public", now=NOW)
        assert clocks(inside) == WHOLE_DAY[1:]
        raise ZeroDivisionError
    assert clocks(times()) == WHOLE_DAY


def test_a_held_time_is_free_the_moment_its_hold_ends(in_app: Flask) -> None:
    made = made_of()
    until = NOW + timedelta(minutes=15)
    with unit_of_work() as session:
        appointment = take(session, made, NINE, held_until=until)
    assert clocks(times()) == WHOLE_DAY[1:]
    assert clocks(times(now=until - timedelta(seconds=1))) == WHOLE_DAY[1:]
    assert clocks(times(now=until)) == WHOLE_DAY
    with unit_of_work() as session:
        session.execute(update(Hold).values(held_until=until + timedelta(minutes=15)))
    assert clocks(times(now=until)) == WHOLE_DAY[1:]
    with unit_of_work() as session:
        session.execute(delete(Hold).where(Hold.appointment_id == appointment))
        session.execute(update(Appointment).where(Appointment.id == appointment).values(status="booked"))
    assert clocks(times(now=until + timedelta(hours=1))) == WHOLE_DAY[1:]


def test_a_confirmed_hold_keeps_its_room_after_the_hold_would_have_ended(in_app: Flask) -> None:
    made = made_of(therapists=2)
    until = NOW + timedelta(minutes=15)
    with unit_of_work() as session:
        appointment = take(session, made, NINE, held_until=until)
    assert times(therapist="therapist-001").between(FRIDAY, FRIDAY, NEW_YORK)[0].ways.modalities == ("online",)
    with unit_of_work() as session:
        session.execute(delete(Hold).where(Hold.appointment_id == appointment))
        session.execute(update(Appointment).where(Appointment.id == appointment).values(status="booked"))
    later = times(therapist="therapist-001", now=until + timedelta(hours=1))
    assert later.between(FRIDAY, FRIDAY, NEW_YORK)[0].ways.modalities == ("online",)


def test_an_outside_calendar_is_busy_for_every_minute_it_touches(in_app: Flask) -> None:
    made = made_of()
    busy = {"resource_id": made.therapist_resources[0], "source": "import"}
    with unit_of_work() as session:
        start, end = NINE - timedelta(hours=1), NINE + timedelta(seconds=0.5)
        session.execute(insert(OutsideBusy), [{**busy, "starts_at": start, "ends_at": end}])
    assert clocks(times()) == WHOLE_DAY[1:]


def _time_off(made: Made, session) -> None:
    off = {"therapist_id": made.therapists[0], "starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}
    session.execute(insert(TimeOff), [off])


def _single_date(made: Made, session) -> None:
    row = insert(DateHours).returning(DateHours.id)
    hours = session.scalars(row, [{"therapist_id": made.therapists[0], "on_date": FRIDAY}]).one()
    span = {"date_hours_id": hours, "start_minute": 600, "end_minute": 660, "zone": NEW_YORK, "is_online": True}
    session.execute(insert(DateHoursSpan), [span])


def _day_off(made: Made, session) -> None:
    session.execute(insert(DateHours), [{"therapist_id": made.therapists[0], "on_date": FRIDAY}])


def _ended(made: Made, session) -> None:
    session.execute(update(Availability).values(valid_until=FRIDAY - timedelta(days=1)))


@pytest.mark.parametrize(
    "change, left",
    [(_time_off, WHOLE_DAY[1:]), (_single_date, ["15:00"]), (_day_off, []), (_ended, [])],
)
def test_a_changed_rule_counts_at_once(in_app: Flask, change: Callable[..., None], left: list[str]) -> None:
    made = made_of()
    assert clocks(times()) == WHOLE_DAY
    with unit_of_work() as session:
        change(made, session)
    assert clocks(times()) == left


def test_the_days_shown_are_those_of_the_zone_asked_for(in_app: Flask) -> None:
    made_of()
    found = times()
    assert found.span(FRIDAY, FRIDAY, NEW_YORK)[0] == found.span(FRIDAY, FRIDAY, "UTC")[0] + 5 * 60
    kathmandu = json.loads(slot_list(found, FRIDAY, FRIDAY, "Asia/Kathmandu"))
    assert kathmandu["slots"][0]["starts_at"] == "2026-11-27T00:45:00+05:45"
    assert kathmandu["time_zone"] == "Asia/Kathmandu"


def test_what_comes_next_is_named_as_a_date(in_app: Flask) -> None:
    made_of()
    found = times()
    assert found.first_on(NEW_YORK) == NOW.date()
    assert found.next_from(FRIDAY, NEW_YORK) == FRIDAY + timedelta(days=3)
    assert found.first_on(NEW_YORK, FRIDAY + timedelta(days=1)) == FRIDAY + timedelta(days=3)
    assert json.loads(slot_list(found, FRIDAY, FRIDAY, NEW_YORK))["next_from"] == "2026-11-30"
    last = NOW.date() + timedelta(days=90)
    assert found.next_from(last - timedelta(days=1), NEW_YORK) == last
    assert found.next_from(last, NEW_YORK) is None
    for far in (date.min, date.max):
        assert found.between(far, far, NEW_YORK) == []
    assert found.next_from(date.max, NEW_YORK) is None
    assert found.next_from(date.min, NEW_YORK) == NOW.date()


def test_strangers_find_neither_what_is_unlisted_nor_what_does_not_exist(in_app: Flask) -> None:
    made = made_of(therapists=2)
    with unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.id == made.therapists[0]).values(listing="clients"))
        session.execute(update(Service).where(Service.slug == "consultation").values(audience="clients"))
    for service, therapist in (
        ("individual", "therapist-000"),
        ("individual", "nobody"),
        ("nothing", None),
        ("consultation", None),
    ):
        with pytest.raises(NotFound):
            times(service, therapist)
    assert {slot.therapist_id for slot in times().between(FRIDAY, FRIDAY, NEW_YORK)} == {made.therapists[1]}
    assert clocks(times("individual", "therapist-000", viewer="clients")) == WHOLE_DAY


def test_a_groups_slots_are_its_dates_with_places(in_app: Flask) -> None:
    made = made_of(therapists=2)
    group = {
        "status": "booked", "service_id": made.services["move-and-play"], "modality": "in_person",
        "location_id": made.location, "zone": NEW_YORK, "capacity": 12, "created_at": NOW, "revised_at": NOW,
    }  # fmt: skip
    with unit_of_work() as session:
        rows = [
            {**group, "starts_at": NINE + timedelta(days=day), "ends_at": NINE + timedelta(days=day, minutes=75),
             "places_taken": taken}
            for day, taken in ((0, 12), (7, 12), (14, 3))
        ]  # fmt: skip
        ids = session.scalars(insert(Appointment).returning(Appointment.id, sort_by_parameter_order=True), rows).all()
        session.execute(
            insert(AppointmentTherapist), [{"appointment_id": each, "therapist_id": made.therapists[1]} for each in ids]
        )
        lapsed = {"appointment_id": ids[1], "held_until": NOW, "places": 2, "created_at": NOW}
        session.execute(insert(Hold), [lapsed])
    with statements() as cold:
        found = times("move-and-play")
    assert len(cold) <= 3
    days = [slot["starts_at"][:10] for slot in json.loads(slot_list(found, FRIDAY, date(2026, 12, 31), "UTC"))["slots"]]
    assert days == ["2026-12-04", "2026-12-11"]
    assert found.first_on(NEW_YORK) == date(2026, 12, 4)
    assert times("move-and-play", "therapist-000").first_on(NEW_YORK) is None
    assert times("move-and-play", "therapist-001").next_from(date(2026, 12, 4), NEW_YORK) == date(2026, 12, 11)


def test_rules_are_read_again_only_after_a_change(in_app: Flask) -> None:
    made_of()
    rules = current_rules(db.session())
    assert current_rules(db.session()) is rules
    db.session.remove()
    with unit_of_work() as session:
        session.execute(update(Therapist).values(name="Somebody else"))
        assert current_rules(session).therapists[0].name == "Somebody else"
    changed = current_rules(db.session())
    assert changed is not rules
    assert changed.therapists[0].name == "Somebody else"
    assert changed.revision == read_rule_book(db.session()).revision
