"""When a good-faith estimate of costs is due (45 CFR 149.610), counted in business days.

A business day is a weekday on which the practice is not closed. Somebody who books at least ten business days ahead has
the estimate within three, somebody who books at least three ahead within one; whoever asks for one, within three.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

WELL_AHEAD, AHEAD = 10, 3
DAYS_WELL_AHEAD, DAYS_AHEAD, DAYS_WHEN_ASKED = 3, 1, 3
DISPUTED_FROM_CENTS: Final = 40_000
FARTHEST = timedelta(days=60)  # further than that nobody has to count: no practice is closed for so long
SATURDAY = 5
DAY = timedelta(days=1)


def is_business_day(day: date, closed: Collection[date]) -> bool:
    """Whether the practice does business on a day; ``closed`` are dates on which all of it is closed."""
    return day.weekday() < SATURDAY and day not in closed


def business_days_ahead(booked_on: date, first_on: date, closed: Collection[date]) -> int:
    """Return how many business days lie after the day of booking, up to the day of the session; ten are counted."""
    day, count = booked_on, 0
    while day < first_on and count < WELL_AHEAD and day - booked_on < FARTHEST:
        day += DAY
        count += is_business_day(day, closed)
    return count


def due_after_booking(booked_on: date, first_on: date, closed: Collection[date]) -> date | None:
    """Return the last date for an estimate of what was booked, or None where so soon a session needs none."""
    ahead = business_days_ahead(booked_on, first_on, closed)
    if ahead >= WELL_AHEAD:
        return later(booked_on, DAYS_WELL_AHEAD, closed)
    return later(booked_on, DAYS_AHEAD, closed) if ahead >= AHEAD else None


def due_when_asked(asked_on: date, closed: Collection[date]) -> date:
    """Return the last date for an estimate that somebody asked for."""
    return later(asked_on, DAYS_WHEN_ASKED, closed)


def later(since: date, days: int, closed: Collection[date]) -> date:
    """Return the date that lies some business days after another."""
    day = since
    while days > 0 and day - since < FARTHEST:
        day += DAY
        days -= is_business_day(day, closed)
    return day
