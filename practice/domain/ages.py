"""How old somebody is on a date. Whoever was born on 29 February has a birthday on 1 March in other years."""

from collections.abc import Callable
from datetime import date

# Opens a birth date: from the client's wrapped key, their public id and what is sealed, to the date where one is known.
BirthDates = Callable[[bytes | None, str, bytes | None], date | None]
MARCH = 3


def birthday_in(born_on: date, year: int) -> date:
    """Return the day of ``year`` on which somebody turns a year older."""
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, MARCH, 1)


def age_on(born_on: date, on: date) -> int:
    """Return how many whole years somebody is old on a date, 0 before they are born."""
    return max(0, on.year - born_on.year - (on < birthday_in(born_on, on.year)))


def has_reached(born_on: date | None, years: int, on: date) -> bool:
    """Whether somebody is ``years`` old on a date; of whom no birth date is known, they are of age."""
    return born_on is None or on >= birthday_in(born_on, born_on.year + years)
