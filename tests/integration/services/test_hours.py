"""Changing hours: what was stays computable, nothing overlaps, and what is refused says why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.models import AuditEvent, Availability, DateHours, Location, TimeOff
from practice.queries.busy import current_rules
from practice.queries.hours import date_hours_on, stranded_appointments
from practice.services import hours
from practice.services.hours import Stretch, WeeklyHours
from tests.support.cast import MONDAY, NOW, TODAY, Cast, add_group_date, at
from tests.support.sessions import booked

EVENING = WeeklyHours(0, Stretch(18 * 60, 20 * 60), valid_from=TODAY)


def act(cast: Cast, what: Any, *given: Any, therapist: int | None = None) -> Any:
    with unit_of_work() as session:
        return what(session, therapist or cast.bob, *given, by=cast.identity("bob"), now=NOW)


def mondays(cast: Cast, on: date) -> list[tuple[int, int]]:
    db.session.close()
    found = current_rules(db.session()).hours_on(cast.bob, on)
    return sorted((row.start_minute, row.end_minute) for row in found)


def row_of_mondays(cast: Cast) -> Availability:
    db.session.close()
    return db.session.scalars(
        select(Availability).where(
            Availability.therapist_id == cast.bob, Availability.weekday == 0, Availability.start_minute == 540
        )
    ).one()


def refused(cast: Cast, *call: Any) -> dict[str, str]:
    with pytest.raises(ValidationFailed) as caught:
        act(cast, *call)
    return dict(caught.value.detail["errors"])


def test_added_hours_hold_from_their_first_day_to_their_last(cast):
    last = MONDAY + timedelta(weeks=2)
    act(cast, hours.add_weekly_hours, replace(EVENING, valid_from=MONDAY, valid_until=last))

    assert mondays(cast, MONDAY) == [(540, 1020), (1080, 1200)]
    assert mondays(cast, last) == [(540, 1020), (1080, 1200)]
    assert mondays(cast, last + timedelta(weeks=1)) == [(540, 1020)]
    assert db.session.scalars(select(AuditEvent.action).where(AuditEvent.action == "hours.added")).all()


def test_a_change_ends_the_row_the_day_before_and_adds_another(cast):
    before = row_of_mondays(cast)
    since = MONDAY + timedelta(weeks=1)
    act(cast, hours.change_weekly_hours, before.public_id, WeeklyHours(0, Stretch(600, 900), valid_from=since))

    assert mondays(cast, MONDAY) == [(540, 1020)]
    assert mondays(cast, date(2026, 3, 2)) == [(540, 1020)]
    assert mondays(cast, since) == [(600, 900)]
    assert row_of_mondays(cast).valid_until == since - timedelta(days=1)


def test_a_row_that_has_not_begun_is_replaced_whole(cast):
    later = TODAY + timedelta(days=30)
    made = act(cast, hours.add_weekly_hours, replace(EVENING, valid_from=later))
    act(cast, hours.change_weekly_hours, made.public_id, replace(EVENING, valid_from=TODAY))

    rows = db.session.scalars(select(Availability).where(Availability.start_minute == 18 * 60)).all()
    assert [(row.valid_from, row.valid_until) for row in rows] == [(TODAY, None)]


def test_ended_hours_hold_until_their_last_day(cast):
    row = row_of_mondays(cast)
    act(cast, hours.end_weekly_hours, row.public_id, MONDAY)

    assert mondays(cast, MONDAY) == [(540, 1020)]
    assert mondays(cast, MONDAY + timedelta(weeks=1)) == []
    assert "last_on" in refused(cast, hours.end_weekly_hours, row.public_id, MONDAY)
    assert "last_on" in refused(cast, hours.end_weekly_hours, row.public_id, TODAY - timedelta(days=2))


def test_what_cannot_be_is_refused_with_its_field_and_changes_nothing(cast):
    before = [row.public_id for row in db.session.scalars(select(Availability))]
    for new, field in (
        (replace(EVENING, stretch=Stretch(600, 660)), "starts"),
        (replace(EVENING, stretch=Stretch(480, 541)), "starts"),
        (replace(EVENING, stretch=Stretch(480, 480)), "ends"),
        (replace(EVENING, stretch=Stretch(480, 470)), "ends"),
        (replace(EVENING, stretch=Stretch(1080, 1200, "nowhere")), "place"),
        (replace(EVENING, valid_from=TODAY - timedelta(days=1)), "valid_from"),
        (replace(EVENING, valid_until=TODAY - timedelta(days=1)), "valid_until"),
    ):
        assert list(refused(cast, hours.add_weekly_hours, new)) == [field], new
    touching = replace(EVENING, stretch=Stretch(1020, 1080))
    assert act(cast, hours.add_weekly_hours, touching)
    db.session.close()
    assert len(db.session.scalars(select(Availability)).all()) == len(before) + 1


def test_hours_of_another_zone_are_compared_in_real_time(cast):
    with unit_of_work() as session:
        session.add(Location(slug="la", name="Los Angeles", zone="America/Los_Angeles", public_id="la"))
    morning = Stretch(9 * 60, 10 * 60, "la", is_online=False)

    assert "starts" in refused(cast, hours.add_weekly_hours, WeeklyHours(0, morning, TODAY))  # noon in New York
    assert act(cast, hours.add_weekly_hours, WeeklyHours(0, replace(morning, start_minute=840, end_minute=900), TODAY))


def test_nobody_changes_the_hours_of_another(cast):
    row = row_of_mondays(cast)
    for call in (
        (hours.end_weekly_hours, row.public_id, MONDAY),
        (hours.change_weekly_hours, row.public_id, EVENING),
        (hours.remove_time_off, "nothing"),
        (hours.clear_date_hours, MONDAY),
    ):
        with pytest.raises(NotFound):
            act(cast, *call, therapist=cast.bea)
    assert mondays(cast, MONDAY) == [(540, 1020)]


def test_one_date_has_its_own_hours_and_then_the_weekly_ones_again(cast):
    act(cast, hours.set_date_hours, MONDAY, [Stretch(600, 660), Stretch(720, 780)])
    act(cast, hours.set_date_hours, MONDAY, [Stretch(600, 700)])
    assert mondays(cast, MONDAY) == [(600, 700)]
    act(cast, hours.set_date_hours, MONDAY, [])
    assert mondays(cast, MONDAY) == []
    act(cast, hours.clear_date_hours, MONDAY)
    assert mondays(cast, MONDAY) == [(540, 1020)]
    assert db.session.scalars(select(DateHours)).all() == []


def test_a_date_refuses_overlaps_the_past_and_times_that_the_clocks_skip(cast):
    spring = date(2027, 3, 14)
    assert list(refused(cast, hours.set_date_hours, MONDAY, [Stretch(600, 660), Stretch(650, 700)])) == ["starts_1"]
    assert list(refused(cast, hours.set_date_hours, TODAY - timedelta(days=1), [])) == [""]
    assert list(refused(cast, hours.set_date_hours, spring, [Stretch(150, 300)])) == ["starts_0"]
    assert list(refused(cast, hours.set_date_hours, spring, [Stretch(60, 150)])) == ["ends_0"]
    assert date_hours_on(db.session(), cast.bob, spring) is None


def test_time_off_is_taken_and_given_back_but_what_is_over_stays(cast):
    made = act(cast, hours.add_time_off, NOW - timedelta(hours=1), NOW + timedelta(hours=1), "Training")
    later = act(cast, hours.add_time_off, at(MONDAY, 9), at(MONDAY, 12), "")
    act(cast, hours.remove_time_off, made.public_id)
    act(cast, hours.remove_time_off, later.public_id)

    db.session.close()
    assert [(row.public_id, row.ends_at) for row in db.session.scalars(select(TimeOff))] == [(made.public_id, NOW)]
    assert "ends_on" in refused(cast, hours.add_time_off, NOW, NOW, "")
    assert "ends_on" in refused(cast, hours.add_time_off, NOW - timedelta(days=2), NOW - timedelta(days=1), "")
    assert "ends_on" in refused(cast, hours.add_time_off, NOW, NOW + timedelta(days=1000), "")


def test_sessions_outside_the_hours_are_found(cast):
    online = booked(cast, at(MONDAY, 9), now=NOW)
    in_person = booked(cast, at(MONDAY, 14), "charlie", now=NOW, modality="in_person")

    def outside():
        db.session.close()
        rules = current_rules(db.session())
        found = stranded_appointments(db.session(), rules, NOW, therapist_id=cast.bob)
        return [appointment.public_id for appointment in found]

    assert outside() == []
    act(cast, hours.add_time_off, at(MONDAY, 8), at(MONDAY, 9, 30), "")
    assert outside() == [online.public_id]
    act(cast, hours.set_date_hours, MONDAY, [Stretch(540, 1020)])  # online only
    assert outside() == [online.public_id, in_person.public_id]


def test_a_group_meets_on_its_own_dates_and_only_time_off_strands_it(cast):
    evening = at(MONDAY, 19)
    with unit_of_work() as session:
        group = add_group_date(session, cast, evening).public_id

    def outside():
        db.session.close()
        rules = current_rules(db.session())
        return [each.public_id for each in stranded_appointments(db.session(), rules, NOW, therapist_id=cast.bob)]

    assert outside() == []
    act(cast, hours.add_time_off, evening, evening + timedelta(hours=1), "")
    assert outside() == [group]
