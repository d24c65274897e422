"""Writes VTIMEZONE components: a yearly rule where the zone follows one, dates where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

FIRST_YEAR, LAST_YEAR = 2024, 2040
DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """A zone's offset changes; ``onset`` is the wall time, in the old offset, at which it does."""

    name: str
    old: timedelta
    new: timedelta
    is_summer: bool
    onset: datetime


@lru_cache(maxsize=640)
def vtimezone(zone: str) -> bytes:
    """Return the VTIMEZONE of an IANA zone, right for every instant from 2024 to 2040.

    Raises zoneinfo.ZoneInfoNotFoundError.
    """
    info = ZoneInfo(zone)
    changes = sorted(_changes(info))
    timezone = Timezone()
    timezone.add("TZID", zone)
    groups = [list(group) for _, group in groupby(changes, key=lambda change: (change.name, change.old, change.new))]
    rules = [_yearly_rule(group) for group in groups]
    if not groups or None in rules:
        timezone.add_component(_first_observance(info))
    for group, rule in zip(groups, rules, strict=True):
        timezone.add_component(_observance(group, rule))
    raw: bytes = timezone.to_ical()
    return raw


def _changes(info: ZoneInfo) -> Iterator[_Change]:
    first, last = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    days = (first + DAY * number for number in range((last - first).days + 1))
    for before, after in pairwise(days):
        if before.astimezone(info).utcoffset() != after.astimezone(info).utcoffset():
            yield _change_between(info, before, after)


def _change_between(info: ZoneInfo, before: datetime, after: datetime) -> _Change:
    """Halve the span until it is a minute wide; changes happen on whole minutes."""
    old = _offset(info, before)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _offset(info, middle) == old else (before, middle)
    local = after.astimezone(info)
    onset = (after + old).replace(tzinfo=None)
    return _Change(local.tzname() or "", old, _offset(info, after), bool(local.dst()), onset)


def _yearly_rule(changes: list[_Change]) -> dict[str, object] | None:
    """Return the rule that gives exactly these onsets, once a year through the whole range, or None."""
    onsets = [change.onset for change in changes]
    if [onset.year for onset in onsets] != list(range(FIRST_YEAR, LAST_YEAR + 1)):
        return None
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) != 1:
        return None
    weeks = {(onset.day + 6) // 7 for onset in onsets}
    if len(weeks) == 1:
        week = weeks.pop()
    elif all((onset + 7 * DAY).month != onset.month for onset in onsets):
        week = -1
    else:
        return None
    return {"FREQ": "YEARLY", "BYMONTH": onsets[0].month, "BYDAY": f"{week}{WEEKDAYS[onsets[0].weekday()]}"}


def _observance(changes: list[_Change], rule: dict[str, object] | None) -> TimezoneStandard | TimezoneDaylight:
    first, *others = changes
    observance = _empty_observance(first.name, first.old, first.new, is_summer=first.is_summer, starts=first.onset)
    if rule is not None:
        observance.add("RRULE", vRecur(rule))
    elif others:
        observance.add("RDATE", [change.onset for change in others])
    return observance


def _first_observance(info: ZoneInfo) -> TimezoneStandard | TimezoneDaylight:
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=info)
    offset = start.utcoffset() or timedelta()
    return _empty_observance(
        start.tzname() or "", offset, offset, is_summer=bool(start.dst()), starts=start.replace(tzinfo=None)
    )


def _empty_observance(
    name: str, old: timedelta, new: timedelta, *, is_summer: bool, starts: datetime
) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if is_summer else TimezoneStandard()
    observance.add("DTSTART", starts)
    observance.add("TZOFFSETFROM", old)
    observance.add("TZOFFSETTO", new)
    observance.add("TZNAME", name)
    return observance


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(info).utcoffset() or timedelta()
