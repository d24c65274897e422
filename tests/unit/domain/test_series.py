"""Dates and starts of series: across both changes of the clocks, north and south, and for any rule."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain.intervals import instant
from practice.domain.series import AHEAD, Rule, last_date, occurrences

ZONES = ["America/New_York", "Europe/London", "Australia/Sydney", "America/Santiago", "Asia/Tokyo", "Africa/Casablanca"]
CHANGES = [
    pytest.param("America/New_York", date(2027, 3, 7), (-5, -4), id="north-spring"),
    pytest.param("America/New_York", date(2026, 10, 25), (-4, -5), id="north-autumn"),
    pytest.param("Australia/Sydney", date(2026, 9, 27), (10, 11), id="south-spring"),
    pytest.param("Australia/Sydney", date(2027, 3, 28), (11, 10), id="south-autumn"),
]


def rule(zone="America/New_York", minute=10 * 60, starts_on=date(2026, 11, 24), **more) -> Rule:
    return Rule(zone, minute, starts_on, **more)


def starts(series: Rule, until: date, **more) -> list[datetime]:
    return [instant(each.start) for each in occurrences(series, 50, until, **more)]


@pytest.mark.parametrize(("zone", "sunday", "offsets"), CHANGES)
def test_a_weekly_ten_stays_ten_across_a_change_of_the_clocks(zone, sunday, offsets):
    weekly = rule(zone, 10 * 60, sunday)
    found = starts(weekly, sunday + timedelta(days=7))
    assert [at.astimezone(ZoneInfo(zone)).hour for at in found] == [10, 10]
    assert [at.astimezone(ZoneInfo(zone)).utcoffset() for at in found] == [timedelta(hours=each) for each in offsets]
    assert found[1] - found[0] == timedelta(weeks=1) - timedelta(hours=offsets[1] - offsets[0])


@pytest.mark.parametrize(
    ("zone", "sunday", "minute", "utc"),
    [
        # 02:30 is skipped: the session begins when the clock has moved on, at 03:00.
        pytest.param("America/New_York", date(2027, 3, 14), 150, datetime(2027, 3, 14, 7, 0, tzinfo=UTC), id="north"),
        pytest.param("Australia/Sydney", date(2026, 10, 4), 150, datetime(2026, 10, 3, 16, 0, tzinfo=UTC), id="south"),
    ],
)
def test_a_skipped_wall_time_begins_at_the_change(zone, sunday, minute, utc):
    nightly = rule(zone, minute, sunday - timedelta(days=7))
    before, at, after = starts(nightly, sunday + timedelta(days=7))
    assert at == utc
    assert [each.astimezone(ZoneInfo(zone)).minute for each in (before, after)] == [30, 30]
    assert not nightly.is_plain_on(sunday)
    assert nightly.date_of(at) == sunday


@pytest.mark.parametrize(
    ("zone", "sunday", "minute", "utc"),
    [
        # The wall time is shown twice: the session begins at the first, while the summer's offset still holds.
        pytest.param("America/New_York", date(2026, 11, 1), 90, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), id="north"),
        pytest.param("Australia/Sydney", date(2027, 4, 4), 150, datetime(2027, 4, 3, 15, 30, tzinfo=UTC), id="south"),
    ],
)
def test_a_repeated_wall_time_begins_at_its_first_showing(zone, sunday, minute, utc):
    nightly = rule(zone, minute, sunday)
    assert starts(nightly, sunday) == [utc]
    assert not nightly.is_plain_on(sunday)
    assert nightly.date_of(utc + timedelta(hours=1)) is None, "the second showing is no date of it"


def test_it_ends_with_its_last_date_or_after_so_many_sessions():
    assert len(starts(rule(ends_on=date(2026, 12, 15)), date(2030, 1, 1))) == 4
    assert len(starts(rule(ends_on=date(2026, 12, 14)), date(2030, 1, 1))) == 3
    fortnightly = rule(every_weeks=2, times=3)
    assert [at.date() for at in starts(fortnightly, last_date(fortnightly, date(2026, 11, 24)))] == [
        date(2026, 11, 24),
        date(2026, 12, 8),
        date(2026, 12, 22),
    ]


def test_an_open_ended_one_is_made_some_weeks_ahead_of_today():
    assert last_date(rule(), date(2026, 11, 24)) == date(2026, 11, 24) + AHEAD
    assert last_date(rule(starts_on=date(2028, 1, 4)), date(2026, 11, 24)) == date(2028, 1, 4)


def test_closed_days_are_marked_and_do_not_count_among_so_many_times():
    monthly = rule(times=3)
    closed = (monthly.start_on(date(2026, 12, 1)) - 60, monthly.start_on(date(2026, 12, 1)) + 1)
    found = occurrences(monthly, 50, date(2030, 1, 1), closures=[closed])
    assert [(each.on.day, each.is_closed) for each in found] == [(24, False), (1, True), (8, False), (15, False)]
    touching = (monthly.start_on(date(2026, 12, 1)) + 50, monthly.start_on(date(2026, 12, 1)) + 90)
    assert not any(each.is_closed for each in occurrences(monthly, 50, date(2030, 1, 1), closures=[touching]))


def test_only_later_dates_are_returned_but_all_are_counted():
    found = occurrences(rule(times=3), 50, date(2030, 1, 1), after=date(2026, 12, 1))
    assert [each.on for each in found] == [date(2026, 12, 8)]


rules = st.builds(
    Rule,
    zone=st.sampled_from(ZONES),
    start_minute=st.integers(0, 1439),
    starts_on=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    every_weeks=st.integers(1, 8),
    ends_on=st.none() | st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    times=st.none() | st.integers(1, 60),
)


@given(rules, st.integers(0, 800))
def test_every_date_has_one_start_and_every_start_its_date(series, days):
    until = series.starts_on + timedelta(days=days)
    found = occurrences(series, 50, until)
    assert [each.on for each in found] == sorted({each.on for each in found})
    assert len({each.start for each in found}) == len(found)
    assert series.times is None or len(found) <= series.times
    for before, after in pairwise(found):
        assert (after.on - before.on).days == 7 * series.every_weeks
    for each in found:
        assert each.on <= until
        assert series.ends_on is None or each.on <= series.ends_on
        assert series.date_of(instant(each.start)) == each.on
        assert series.date_of(instant(each.start + 1)) is None
        wall = instant(each.start).astimezone(ZoneInfo(series.zone))
        if series.is_plain_on(each.on):
            assert (wall.date(), wall.hour * 60 + wall.minute) == (each.on, series.start_minute)


@given(rules, st.integers(0, 400), st.integers(0, 400))
def test_making_it_in_two_steps_makes_the_same(series, first, more):
    middle, until = series.starts_on + timedelta(days=first), series.starts_on + timedelta(days=first + more)
    whole = occurrences(series, 50, until)
    assert occurrences(series, 50, middle) + occurrences(series, 50, until, after=middle) == whole
