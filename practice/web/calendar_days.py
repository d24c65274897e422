"""Dates in addresses, and what they are in time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import g

from practice.domain.errors import NotFound
from practice.domain.intervals import instant
from practice.domain.weekly_hours import days_span
from practice.web.forms.fields import EARLIEST, LATEST, iso_date
from practice.web.frame import the_facts


def read_day(text: str) -> date:
    """Return the date that an address names ("2026-11-24"). Raises NotFound for anything else."""
    found = iso_date(text)
    if found is None or not EARLIEST < found < LATEST:
        raise NotFound
    return found


def instants_of_days(zone: str, first: date, last: date) -> tuple[datetime, datetime]:
    """Return when ``first`` begins and ``last`` ends on the clocks of ``zone``."""
    start, end = days_span(zone, first, last)
    return instant(start), instant(end)


def today_here() -> date:
    """Return the date on the practice's clock."""
    now: datetime = g.now
    return now.astimezone(ZoneInfo(the_facts().zone)).date()
