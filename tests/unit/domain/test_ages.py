"""How old somebody is, also who was born on 29 February, and who consents at what age."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain.ages import age_on, birthday_in, has_reached
from practice.domain.consenting import ConsentRules, GivenConsent, is_of_age, may_still_read, standing

LEAP = date(2008, 2, 29)
YOUNG, GROWN = date(2016, 5, 4), date(2009, 11, 20)
TODAY = date(2026, 11, 20)
RULES = ConsentRules(majority_age=18, alone_age=14, needed=2)
MOTHER, FATHER = (GivenConsent(number, "guardian", TODAY) for number in (1, 2))
OWN = GivenConsent(3, "self", TODAY)


@pytest.mark.parametrize(
    ("on", "age"),
    [
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19),
        (date(2028, 2, 29), 20),
        (date(2008, 2, 29), 0),
        (date(2007, 1, 1), 0),
    ],
)
def test_29_february_is_1_march_in_other_years(on: date, age: int) -> None:
    assert age_on(LEAP, on) == age
    assert has_reached(LEAP, 18, on) == (age >= 18)


def test_an_age_begins_on_the_birthday_and_not_the_day_before() -> None:
    assert not is_of_age(date(2008, 11, 21), RULES, TODAY)
    assert is_of_age(date(2008, 11, 20), RULES, TODAY)
    assert not is_of_age(None, RULES, TODAY)


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(0, 30))
def test_ages_and_birthdays_agree(born_on: date, years: int) -> None:
    on = birthday_in(born_on, born_on.year + years)
    assert age_on(born_on, on) == years
    assert age_on(born_on, on - timedelta(days=1)) == max(0, years - 1)
    assert has_reached(born_on, years, on)
    assert not has_reached(born_on, years, on - timedelta(days=1))


@pytest.mark.parametrize(
    ("born_on", "given", "by", "count", "is_due"),
    [
        (YOUNG, [], "guardian", 0, True),
        (YOUNG, [MOTHER, MOTHER], "guardian", 1, True),
        (YOUNG, [MOTHER, FATHER], "guardian", 2, False),
        (YOUNG, [OWN], "guardian", 0, True),
        (date(2012, 11, 20), [MOTHER, FATHER], "self", 0, True),
        (date(2012, 11, 20), [OWN], "self", 1, False),
        (date(2012, 11, 21), [OWN], "guardian", 0, True),
        (None, [OWN], "self", 1, False),
        (None, [MOTHER, FATHER], "self", 0, True),
        (date(2008, 11, 20), [GivenConsent(3, "self", TODAY - timedelta(days=1))], "self", 0, True),
        (date(2008, 11, 20), [OWN], "self", 1, False),
    ],
)
def test_who_consents_goes_by_age(
    born_on: date | None, given: list[GivenConsent], by: str, count: int, is_due: bool
) -> None:
    found = standing(born_on, given, RULES, TODAY)
    assert (found.by, found.given, found.is_due) == (by, count, is_due)


def test_whoever_is_of_age_consents_themselves_whatever_age_alone_is_set_to() -> None:
    rules = ConsentRules(majority_age=18, alone_age=21, needed=1)
    assert standing(date(2007, 1, 1), [MOTHER], rules, TODAY).by == "self"


@pytest.mark.parametrize(
    ("born_on", "given_on", "may"),
    [
        (YOUNG, None, True),
        (None, None, True),
        (date(2012, 11, 20), None, False),
        (date(2012, 11, 20), TODAY - timedelta(days=1), False),
        (date(2012, 11, 20), TODAY, True),
    ],
)
def test_reading_ends_when_a_client_consents_alone_unless_it_is_given_anew(
    born_on: date | None, given_on: date | None, may: bool
) -> None:
    assert may_still_read(born_on, RULES, given_on, TODAY) == may
