"""Wall-clock hours, turned into spans of epoch minutes one date at a time.

One rule turns a wall-clock time of a date into an instant: *the first instant at which the zone's clock shows that
time of that date, or a later one*. So

- on an ordinary day it is the time itself;
- a time that a clock skips in spring moves forward to the moment of the change (02:30 in New York on 14 March 2027
  is 03:00, which is 07:00 UTC);
- a time that a clock shows twice in autumn is its first showing;
- the end of a day (minute 1440) is the first instant of the next date.

Both ends of a row of hours are turned into instants first, and the span between them is cut in UTC: a day on which
the clock changes inside a row is longer or shorter by the change, and no minute is offered twice. The rule keeps
order, so rows that touch on the wall still touch, and do not overlap, on every date.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from practice.domain.intervals import DAY, Span, instant, minute_floor
from practice.domain.rule_book import Hours, RuleBook


@lru_cache(maxsize=16384)
def minute_of(zone: str, on: date, minute_of_day: int) -> int:
    """Return the epoch minute of a wall-clock time: ``minute_of_day`` (0 to 1440) of the date ``on`` in ``zone``."""
    tz = ZoneInfo(zone)
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute_of_day)  # noqa: DTZ001 - a wall clock
    before = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if _reads(before, tz) == wall:
        return minute_floor(before)
    low, high = minute_floor(wall.replace(tzinfo=tz, fold=1).astimezone(UTC)), minute_floor(before)
    while high - low > 1:  # the clock reads too little at low and enough at high
        middle = (low + high) // 2
        low, high = (low, middle) if _reads(instant(middle), tz) >= wall else (middle, high)
    return high


def _reads(at: datetime, tz: ZoneInfo) -> datetime:
    return at.astimezone(tz).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def date_of(zone: str, minute: int) -> date:
    """Return the date that the zone's clock shows at an epoch minute."""
    return instant(minute).astimezone(ZoneInfo(zone)).date()


def days_span(zone: str, first: date, last: date) -> Span:
    """Return the span of whole days from ``first`` to ``last``, both inclusive, in ``zone``."""
    return minute_of(zone, first, 0), minute_of(zone, last, DAY)


def span_on(hours: Hours, on: date) -> Span | None:
    """Return the span of a row of hours on one date, or None where the clock skips all of it."""
    start = minute_of(hours.zone, on, hours.start_minute)
    end = minute_of(hours.zone, on, hours.end_minute)
    return (start, end) if start < end else None


def dates_near(span: Span) -> Iterable[date]:
    """Return every date that some zone's clock can show during ``span``."""
    first = instant(span[0]).date() - timedelta(days=1)
    last = instant(span[1]).date() + timedelta(days=1)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def hours_touching(rules: RuleBook, therapist_id: int, span: Span) -> Iterator[tuple[Hours, Span]]:
    """Yield a therapist's rows of hours with their whole spans, for each date on which they overlap ``span``."""
    for on in dates_near(span):
        for hours in rules.hours_on(therapist_id, on):
            found = span_on(hours, on)
            if found is not None and found[0] < span[1] and span[0] < found[1]:
                yield hours, found
