"""When a good-faith estimate is due: business days, with weekends and closed days left out."""

from datetime import date, timedelta

import pytest

from practice.domain.estimates import business_days_ahead, due_after_booking, due_when_asked, later
from practice.domain.regions import ELSEWHERE, region_code, region_name

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
THANKSGIVING = date(2026, 11, 26)


@pytest.mark.parametrize(
    "booked_on, first_on, closed, due_on",
    [
        (MONDAY, date(2026, 11, 25), (), None),  # two business days ahead: so soon none is needed
        (MONDAY, THANKSGIVING, (), date(2026, 11, 24)),  # three: within one
        (MONDAY, THANKSGIVING, (THANKSGIVING,), None),  # on a closed day it is but two ahead
        (MONDAY, FRIDAY, (THANKSGIVING,), date(2026, 11, 24)),
        (MONDAY, date(2026, 12, 4), (), date(2026, 11, 24)),  # nine: within one
        (MONDAY, date(2026, 12, 7), (), THANKSGIVING),  # ten: within three
        (MONDAY, date(2026, 12, 7), (THANKSGIVING,), date(2026, 11, 24)),
        (MONDAY, date(2026, 12, 8), (THANKSGIVING,), FRIDAY),
        (FRIDAY, date(2026, 12, 2), (), date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), date(2026, 12, 2), (), date(2026, 11, 30)),  # booked on a Saturday
        (MONDAY, MONDAY, (), None),
        (MONDAY, date(2027, 11, 23), (), THANKSGIVING),
    ],
)
def test_an_estimate_is_due_some_business_days_after_the_booking(booked_on, first_on, closed, due_on):
    assert due_after_booking(booked_on, first_on, closed) == due_on


def test_whoever_asks_has_it_within_three_business_days():
    assert due_when_asked(MONDAY, ()) == THANKSGIVING
    assert due_when_asked(FRIDAY, ()) == date(2026, 12, 2)
    assert due_when_asked(MONDAY, (THANKSGIVING, FRIDAY)) == date(2026, 11, 30)


def test_counting_ends_where_nothing_is_ever_open():
    always = [MONDAY + timedelta(days=number) for number in range(400)]
    assert business_days_ahead(MONDAY, MONDAY + timedelta(days=399), always) == 0
    assert later(MONDAY, 3, always) > MONDAY


def test_states_are_known_by_name_and_by_code():
    assert [region_code(text) for text in ("NY", "ny", " new  york ", "Washington, D.C.", "Ontario")] == [
        "NY", "NY", "NY", "DC", "Ontario",
    ]  # fmt: skip
    assert (region_name("CA"), region_name("Ontario")) == ("California", "Ontario")
    assert region_name(ELSEWHERE) == "Somewhere outside the United States"
