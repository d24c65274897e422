"""The time zones that the API knows."""

from functools import cache
from zoneinfo import available_timezones

NOT_PLACES = {"Factory", "localtime", "posixrules"}


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones() - NOT_PLACES)
