"""Wall-clock hours become spans: on ordinary days, across both clock changes, and in skipped and repeated hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain.intervals import instant
from practice.domain.rule_book import Availability, Hours, PracticeRules, RuleBook
from practice.domain.weekly_hours import date_of, days_span, hours_touching, minute_of, span_on
from tests.unit.domain.worlds import CHANGES, PROOF, ZONES, first_minute, minute

NEW_YORK = "America/New_York"


def at(text: str) -> int:
    """Return the epoch minute of an instant in UTC, such as 2026-11-24T14:00."""
    return minute(datetime.fromisoformat(text).replace(tzinfo=UTC))


def span(zone: str, on: date, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of hours on a date; the ends are hours and minutes as 930."""
    return span_on(Hours(start // 100 * 60 + start % 100, end // 100 * 60 + end % 100, zone), on)


@PROOF
@given(
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES),
    st.integers(-1, 1),
    st.integers(0, 1440),
)
def test_a_wall_time_is_the_first_minute_that_shows_it_or_a_later_one(zone, change, offset, minute_of_day):
    on = change + timedelta(days=offset)
    assert minute_of(zone, on, minute_of_day) == first_minute(zone, change, on, minute_of_day)


def test_nine_to_five_in_new_york():
    assert span(NEW_YORK, date(2026, 11, 24), 900, 1700) == (at("2026-11-24T14:00"), at("2026-11-24T22:00"))


def test_a_day_ends_with_the_first_instant_of_the_next():
    assert span("Asia/Kathmandu", date(2026, 5, 5), 0, 2400) == (at("2026-05-04T18:15"), at("2026-05-05T18:15"))


@pytest.mark.parametrize(
    "zone, on, hours",
    [
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        (NEW_YORK, date(2027, 3, 14), 23),
        (NEW_YORK, date(2027, 11, 7), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("America/St_Johns", date(2026, 3, 8), 23),
        ("Asia/Kathmandu", date(2026, 3, 29), 24),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # midnight itself is skipped
    ],
)
def test_a_whole_day_is_as_long_as_the_clock_makes_it(zone, on, hours):
    start, end = days_span(zone, on, on)
    assert (end - start) / 60 == hours


def test_the_london_night_that_wall_time_arithmetic_offers_twice():
    """00:00 to 03:00 on 29 March 2026 is two hours, and 01:00 UTC is in it once."""
    assert span("Europe/London", date(2026, 3, 29), 0, 300) == (at("2026-03-29T00:00"), at("2026-03-29T02:00"))


def test_a_start_that_the_clock_skips_moves_forward_to_the_change():
    assert span(NEW_YORK, date(2027, 3, 14), 230, 500) == (at("2027-03-14T07:00"), at("2027-03-14T09:00"))


def test_hours_that_the_clock_skips_altogether_do_not_exist():
    assert span(NEW_YORK, date(2027, 3, 14), 200, 300) is None


def test_a_time_shown_twice_is_its_first_showing():
    assert span(NEW_YORK, date(2026, 11, 1), 130, 400) == (at("2026-11-01T05:30"), at("2026-11-01T09:00"))


@PROOF
@given(st.sampled_from(ZONES), st.sampled_from(CHANGES), st.lists(st.integers(0, 1440), min_size=3, max_size=3))
def test_rows_that_touch_on_the_wall_touch_on_every_date(zone, on, minutes):
    first, middle, last = (minute_of(zone, on, each) for each in sorted(minutes))
    assert first <= middle <= last
    assert days_span(zone, on, on)[0] <= first
    assert last <= days_span(zone, on, on)[1]


def test_the_date_is_the_walls():
    minute_in_utc = at("2026-11-24T23:30")
    assert date_of("Asia/Kathmandu", minute_in_utc) == date(2026, 11, 25)
    assert date_of(NEW_YORK, minute_in_utc) == date(2026, 11, 24)
    assert instant(minute_in_utc) == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_weekly_hours_hold_from_their_first_date_to_their_last_and_single_dates_replace_them():
    monday = date(2026, 11, 23)
    weekly = Availability(1, 0, Hours(540, 600, "UTC"), valid_from=monday, valid_until=monday + timedelta(days=14))
    replaced = {(1, monday + timedelta(days=7)): (Hours(600, 660, "UTC"),), (1, monday + timedelta(days=14)): ()}
    rules = RuleBook("1", PracticeRules("UTC", 0, 90), availability=(weekly,), date_hours=replaced)
    month = (at("2026-11-01T00:00"), at("2026-12-31T00:00"))
    assert [found for _, found in hours_touching(rules, 1, month)] == [
        (at("2026-11-23T09:00"), at("2026-11-23T10:00")),
        (at("2026-11-30T10:00"), at("2026-11-30T11:00")),
    ]
    assert list(hours_touching(rules, 2, month)) == []
