"""What would hold after a change of hours: the rule book is the old one but for the days and dates that change."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain.changed_hours import remains, with_date_hours, with_time_off, with_weekly_hours
from practice.domain.rule_book import Availability, Hours, PracticeRules, RuleBook

START = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
ends = st.none() | days
OLD, NEW = Hours(540, 1020, "UTC"), Hours(600, 660, "UTC")
RULES = RuleBook(
    "",
    PracticeRules("UTC", 0, 60),
    availability=(Availability(1, 0, OLD, START), Availability(1, 1, OLD, START), Availability(2, 0, OLD, START)),
)
MONDAY = date(2026, 1, 5)


def covers(dates, day):
    return dates is not None and dates[0] <= day and (dates[1] is None or day <= dates[1])


@given(st.tuples(days, ends), st.tuples(days, ends), days)
def test_a_row_still_holds_on_exactly_the_dates_that_were_not_taken(held, taken, day):
    before, after = remains(held, taken)
    wanted = covers(held, day) and not covers(taken, day)
    if (held[1] is None or held[1] >= held[0]) and (taken[1] is None or taken[1] >= taken[0]):
        assert (covers(before, day) or covers(after, day)) == wanted


@pytest.mark.parametrize(
    "therapist, on, expected",
    [
        (1, MONDAY, (OLD,)),
        (1, MONDAY + timedelta(weeks=1), (NEW,)),
        (1, MONDAY + timedelta(weeks=2), (NEW,)),
        (1, MONDAY + timedelta(weeks=3), (OLD,)),
        (1, MONDAY + timedelta(days=8), (OLD,)),
        (2, MONDAY + timedelta(weeks=1), (OLD,)),
    ],
)
def test_new_weekly_hours_hold_on_their_days_and_dates_alone(therapist, on, expected):
    dates = MONDAY + timedelta(days=5), MONDAY + timedelta(weeks=2)
    assert with_weekly_hours(RULES, 1, (0,), (NEW,), dates).hours_on(therapist, on) == expected


def test_a_date_and_time_off_change_nothing_else():
    one = with_date_hours(RULES, 1, MONDAY, (NEW,))
    assert one.hours_on(1, MONDAY) == (NEW,)
    assert one.hours_on(2, MONDAY) == (OLD,)
    assert with_date_hours(one, 1, MONDAY, None).hours_on(1, MONDAY) == (OLD,)
    assert with_time_off(RULES, 1, (5, 9)).time_off_of(1) == ((5, 9),)
    assert with_time_off(RULES, 1, (5, 9)).time_off_of(2) == ()
