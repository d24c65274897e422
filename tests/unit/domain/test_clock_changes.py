"""Each rule with a clock on both changes of it, in the north and in the south, as a table of days.

Series have theirs in ``test_series``; what is random about changes is in ``test_slots`` and ``test_weekly_hours``.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from practice.domain.ages import has_reached
from practice.domain.asking import Past, refused_spans
from practice.domain.explaining import Question, explain
from practice.domain.guarding import too_much
from practice.domain.intervals import instant, minute_floor
from practice.domain.load import Load, Meeting
from practice.domain.openings import Openings
from practice.domain.policy import terms_of
from practice.domain.rule_book import Availability, Hours, RuleBook
from practice.domain.slots import bookable_span, therapists_offering
from practice.domain.wall_time import instants_of
from practice.domain.weekly_hours import date_of, days_span, minute_of
from practice.services.approving import answer_by
from practice.services.group_dates import decide_at
from tests.unit.domain.practices import BOB, ROOM_ONE, ROOM_TWO, RULES, SERVICE, STUDIO

NEW_YORK, SYDNEY = "America/New_York", "Australia/Sydney"


@dataclass(frozen=True)
class Change:
    """A Sunday on which a clock changes: how long it is, and a minute of it that is skipped or shown twice."""

    zone: str
    on: date
    hours: int
    odd: int

    def at(self, hour: int, minute: int = 0, days: int = 0) -> datetime:
        """An instant as the wall shows it, some days from the change (not in the odd hour)."""
        wall = datetime.combine(self.on + timedelta(days=days), datetime.min.time(), ZoneInfo(self.zone))
        return wall.replace(hour=hour, minute=minute).astimezone(UTC)

    def start(self, hour: int, minute: int = 0, days: int = 0) -> int:
        """The same as an epoch minute."""
        return minute_floor(self.at(hour, minute, days))

    @property
    def rules(self) -> RuleBook:
        """Bob's practice in this zone, where he works on Sundays and Mondays: at night, and from nine to noon."""
        night, day = Hours(0, 360, self.zone, 1, True), Hours(540, 720, self.zone, 1, True)
        rows = [(weekday, hours) for weekday in (6, 0) for hours in (night, day)]
        return replace(
            RULES,
            practice=replace(RULES.practice, zone=self.zone),
            locations=(replace(STUDIO, zone=self.zone),),
            therapists=(replace(RULES.therapists[0], zone=self.zone),),
            availability=tuple(Availability(1, weekday, hours, date(2026, 1, 1)) for weekday, hours in rows),
        )


CHANGES: Final = [
    pytest.param(Change(NEW_YORK, date(2027, 3, 14), 23, 150), id="north-spring"),
    pytest.param(Change(NEW_YORK, date(2027, 11, 7), 25, 90), id="north-autumn"),
    pytest.param(Change(SYDNEY, date(2027, 10, 3), 23, 150), id="south-spring"),
    pytest.param(Change(SYDNEY, date(2027, 4, 4), 25, 150), id="south-autumn"),
]
on_each_change = pytest.mark.parametrize("change", CHANGES)


def offered(change: Change, rules: RuleBook) -> list[int]:
    """What is offered on the Sunday and the Monday, after the explanation has agreed."""
    span = days_span(change.zone, change.on, change.on + timedelta(days=1))
    question = Question(rules, rules.services[0], rules.therapists[0], (), change.at(12, days=-9), "public")
    slots = Openings(rules, dict.fromkeys((BOB, ROOM_ONE, ROOM_TWO), ())).slots(
        SERVICE, therapists_offering(rules, SERVICE, "public"), span
    )
    assert [slot.start for slot in slots] == [each.start for each in explain(question, span) if each.ways]
    return [slot.start for slot in slots]


def walls(change: Change, starts: list[int]) -> list[str]:
    return [f"{instant(start).astimezone(ZoneInfo(change.zone)):%a %H:%M}" for start in starts]


@on_each_change
def test_hours_stay_where_the_wall_has_them_and_a_night_is_as_long_as_it_is(change: Change) -> None:
    rules = replace(change.rules, practice=replace(change.rules.practice, window_days=60))
    shown = walls(change, offered(change, rules))
    morning = ["09:30", "10:00", "10:30", "11:00"]
    assert [each for each in shown if each > "Sun 06" and each.startswith("Sun")][-4:] == [
        f"Sun {on}" for on in morning
    ]
    nights = [sum(each.startswith(day) and each[4:] < "06" for each in shown) for day in ("Sun", "Mon")]
    assert nights[0] - nights[1] == 2 * (change.hours - 24)  # two starts an hour


@on_each_change
def test_a_closed_day_is_closed_from_midnight_to_midnight_and_no_longer(change: Change) -> None:
    day = days_span(change.zone, change.on, change.on)
    assert day[1] - day[0] == 60 * change.hours
    rules = replace(change.rules, practice=replace(change.rules.practice, window_days=60), closures=((None, day),))
    assert {each[:3] for each in walls(change, offered(change, rules))} == {"Mon"}


@on_each_change
def test_a_group_meets_at_the_first_showing_of_its_time_and_never_at_one_that_is_skipped(change: Change) -> None:
    shown = instants_of(change.zone, change.on, change.odd)
    assert len(shown) == (0 if change.hours == 23 else 2)
    assert list(shown) == sorted(shown)
    course = [instants_of(change.zone, change.on + timedelta(days=days), 15 * 60)[0] for days in (-7, 0, 7)]
    week = timedelta(days=7)
    assert [after - before for before, after in pairwise(course)] == [week + timedelta(hours=change.hours - 24), week]


@on_each_change
def test_notice_is_elapsed_time_and_how_far_ahead_counts_dates(change: Change) -> None:
    now = change.at(10, days=-1)
    first, end = bookable_span(change.rules, SERVICE, now, "public")
    assert first == minute_floor(now) + 1440
    assert first == change.start(10 + 24 - change.hours)
    assert end == minute_of(change.zone, change.on + timedelta(days=30), 0)


@on_each_change
def test_free_cancelling_ends_elapsed_hours_before(change: Change) -> None:
    terms = terms_of(24, 6000, kind="individual")
    until = change.at(10 - 24 + change.hours, days=-1)
    assert terms.free_until(change.at(10)) == until
    assert not terms.is_late(change.at(10), until)
    assert terms.is_late(change.at(10), until + timedelta(seconds=1))


@on_each_change
def test_answers_and_questions_are_due_elapsed_hours_later_and_before(change: Change) -> None:
    assert answer_by(change.at(20), 24, change.at(10, days=-1)) == change.at(10 + 24 - change.hours)
    group = SimpleNamespace(decide_hours=24)
    assert decide_at(group, change.at(10), 2) == change.at(10 - 24 + change.hours, days=-1)  # type: ignore[arg-type]


@on_each_change
def test_a_full_day_is_full_from_its_midnight_to_the_next(change: Change) -> None:
    whom = replace(change.rules.therapists[0], max_a_day=1)
    early, late, next_day = change.start(0, 15), change.start(23, 30), change.start(0, days=1)
    load = Load(whom, change.zone, [Meeting((early, early + 60), early)])
    block = days_span(change.zone, change.on - timedelta(days=1), change.on + timedelta(days=1))
    allowed = load.allowed(SERVICE, block, 0)
    full = [start for start in range(*block) if not allowed >> (start - block[0]) & 1]
    assert (full[0], full[-1] + 1) == days_span(change.zone, change.on, change.on)
    assert late in full
    assert next_day not in full
    again = [Meeting((early, early + 60), early)]
    assert [bool(list(too_much(whom, change.zone, again, SERVICE, at, is_first=False))) for at in (late, next_day)] == [
        True, False,
    ]  # fmt: skip


@on_each_change
def test_a_full_week_is_full_from_monday_to_sunday_for_therapist_and_client(change: Change) -> None:
    monday = change.on - timedelta(days=6)
    week = days_span(change.zone, monday, change.on)
    assert week[1] - week[0] == 60 * (6 * 24 + change.hours)
    late = change.start(23, 30)
    whom = replace(change.rules.therapists[0], max_first_a_week=1)
    load = Load(whom, change.zone, [Meeting((late - 60, late), late - 60, is_first=True)])
    block = (week[0] - 60, week[1] + 60)
    allowed = load.allowed(SERVICE, block, block[1] - block[0])
    full = [start for start in range(*block) if not allowed >> (start - block[0]) & 1]
    assert (full[0], full[-1] + 1) == week
    service = replace(SERVICE, max_per_week=1)
    assert week in refused_spans(change.rules, service, Past(starts=((late,),)), block)


@on_each_change
def test_an_age_is_reached_with_the_date_on_the_practices_wall(change: Change) -> None:
    born = change.on.replace(year=change.on.year - 18)
    for start, is_of_age in ((change.start(23, 59, days=-1), False), (change.start(0), True), (change.start(23), True)):
        assert has_reached(born, 18, date_of(change.zone, start)) is is_of_age
