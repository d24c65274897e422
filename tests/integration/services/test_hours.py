"""Changing hours: what was stays computable, nothing overlaps, and what is refused says why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.models import AuditEvent, Availability, DateHours, Location, TimeOff
from practice.queries.busy import current_rules
from practice.queries.hours import date_hours_on, stranded_appointments
from practice.services import hours
from practice.services.hours import Stretch
from practice.services.weekly_hours import Change, WeeklyHours, set_weekly_hours, undo_weekly_hours
from tests.support.cast import MONDAY, NOW, TODAY, Cast, add_group_date, at
from tests.support.sessions import booked

EVENING = WeeklyHours((0,), (Stretch(18 * 60, 20 * 60),), valid_from=TODAY)


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


def set_hours(cast: Cast, new: WeeklyHours) -> Change:
    return act(cast, set_weekly_hours, new)


def rows(cast: Cast) -> list[tuple[int, int, date, date | None]]:
    """Bob's rows of Mondays, by the day on which they begin."""
    db.session.close()
    found = db.session.scalars(
        select(Availability).where(Availability.therapist_id == cast.bob, Availability.weekday == 0)
    )
    return sorted((row.start_minute, row.end_minute, row.valid_from, row.valid_until) for row in found)


def test_new_hours_end_the_old_row_the_day_before_and_never_overwrite_it(cast):
    since = MONDAY + timedelta(weeks=1)
    set_hours(cast, WeeklyHours((0,), (Stretch(600, 660), Stretch(700, 900, line=1)), since))

    assert mondays(cast, date(2026, 3, 2)) == [(540, 1020)]
    assert mondays(cast, MONDAY) == [(540, 1020)]
    assert mondays(cast, since) == [(600, 660), (700, 900)]
    assert mondays(cast, since + timedelta(days=1)) == [(540, 1020)]  # a Tuesday
    assert row_of_mondays(cast).valid_until == since - timedelta(days=1)
    written = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("hours."))).all()
    assert sorted(written) == ["hours.added", "hours.added", "hours.ended"]


def test_after_the_last_day_what_held_before_goes_on(cast):
    first, last = MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2)
    set_hours(cast, WeeklyHours((0,), (), first, last))

    assert [mondays(cast, MONDAY + timedelta(weeks=week)) for week in range(4)] == [
        [(540, 1020)], [], [], [(540, 1020)],
    ]  # fmt: skip


def test_what_has_not_begun_gives_way_and_days_that_have_it_already_stay_untouched(cast):
    later = TODAY + timedelta(days=30)
    set_hours(cast, replace(EVENING, valid_from=later))
    assert not set_hours(cast, replace(EVENING, valid_from=TODAY)).is_nothing
    assert mondays(cast, later + timedelta(days=1)) == [(1080, 1200)]
    before = rows(cast)
    assert set_hours(cast, replace(EVENING, valid_from=TODAY)) == Change()
    assert set_hours(cast, replace(EVENING, valid_from=later, valid_until=later)) == Change()
    assert rows(cast) == before
    assert (1080, 1200, TODAY, None) in before
    assert all(row[3] is None or row[3] >= row[2] for row in before)


@pytest.mark.parametrize("weeks", [(0, None), (1, None), (0, 2), (1, 1)])
def test_a_change_is_taken_back_whole(cast, weeks):
    set_hours(cast, replace(EVENING, valid_from=TODAY + timedelta(days=30)))
    before = rows(cast)
    last = None if weeks[1] is None else MONDAY + timedelta(weeks=weeks[1])
    new = WeeklyHours((0, 1), (Stretch(600, 660),), MONDAY + timedelta(weeks=weeks[0]), last)
    change = set_hours(cast, new)
    assert rows(cast) != before

    act(cast, undo_weekly_hours, change)
    assert rows(cast) == before
    with pytest.raises(ImpossibleStep):
        act(cast, undo_weekly_hours, change)


def test_what_cannot_be_is_refused_with_its_field_and_changes_nothing(cast):
    before = rows(cast)
    for new, field in (
        (replace(EVENING, stretches=(Stretch(480, 480),)), "ends_0"),
        (replace(EVENING, stretches=(Stretch(480, 470, line=3),)), "ends_3"),
        (replace(EVENING, stretches=(Stretch(1080, 1200, "nowhere"),)), "place_0"),
        (replace(EVENING, stretches=(Stretch(480, 540), Stretch(539, 600, line=2))), "starts_2"),
        (replace(EVENING, valid_from=TODAY - timedelta(days=1)), "valid_from"),
        (replace(EVENING, valid_until=TODAY - timedelta(days=1)), "valid_until"),
    ):
        assert list(refused(cast, set_weekly_hours, new)) == [field], new
    assert rows(cast) == before
    set_hours(cast, replace(EVENING, stretches=(Stretch(480, 540), Stretch(540, 600, line=1))))  # they touch


def test_hours_of_another_zone_are_compared_in_real_time(cast):
    with unit_of_work() as session:
        session.add(Location(slug="la", name="Los Angeles", zone="America/Los_Angeles", public_id="la"))
    late = Stretch(21 * 60, 24 * 60, "la", is_online=False)  # until three in the morning in New York
    set_hours(cast, WeeklyHours((6,), (late,), TODAY))

    assert list(refused(cast, set_weekly_hours, WeeklyHours((0,), (Stretch(120, 200),), TODAY))) == ["days"]
    noon = (Stretch(540, 600, "la", is_online=False), Stretch(720, 780, line=1))
    assert list(refused(cast, set_weekly_hours, WeeklyHours((2,), noon, TODAY))) == ["starts_1"]
    set_hours(cast, WeeklyHours((0,), (Stretch(180, 200),), TODAY))


def test_nobody_changes_the_hours_of_another(cast):
    change = set_hours(cast, EVENING)
    for call in ((hours.remove_time_off, "nothing"), (hours.clear_date_hours, MONDAY)):
        with pytest.raises(NotFound):
            act(cast, *call, therapist=cast.bea)
    with pytest.raises(ImpossibleStep):
        act(cast, undo_weekly_hours, change, therapist=cast.bea)
    assert mondays(cast, MONDAY) == [(1080, 1200)]


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
    assert list(refused(cast, hours.set_date_hours, MONDAY, [Stretch(600, 660), Stretch(650, 700, line=1)])) == [
        "starts_1"
    ]
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
