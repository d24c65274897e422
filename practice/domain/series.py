"""When the sessions of a series are: every n weeks at one wall time of one zone, until a date, n times, or without end.

One rule turns a date into an instant, the one that hours follow (``practice.domain.weekly_hours``): where a clock skips
the wall time the session begins at the moment of the change, where a clock shows it twice, at its first showing. So a
weekly 10:00 stays 10:00 across both changes, in the north and in the south, and each date has exactly one start.

The *original start* of a session is the instant that the rule gives its date. It names the session within its series,
wherever the session itself is moved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from practice.domain.intervals import Span, instant, minute_floor, overlaps
from practice.domain.wall_time import instants_of
from practice.domain.weekly_hours import date_of, minute_of

# So far ahead the sessions of an open-ended series are made.
AHEAD = timedelta(weeks=26)
MOST_DATES = 104
MOST_WEEKS_APART = 52
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a series is. It ends with ``ends_on`` (inclusive) or after ``times`` sessions; with neither it is open.

    ``start_minute`` is the minute of the day on the zone's clock.
    """

    zone: str
    start_minute: int
    starts_on: date
    every_weeks: int = 1
    ends_on: date | None = None
    times: int | None = None

    @property
    def is_open_ended(self) -> bool:
        """Whether nothing says when it ends."""
        return self.ends_on is None and self.times is None

    def start_on(self, on: date) -> int:
        """Return the epoch minute at which the session of a date begins."""
        return minute_of(self.zone, on, self.start_minute)

    def dates(self, until: date) -> Iterator[date]:
        """Yield its dates up to ``until`` (inclusive), in order: no later than ``ends_on``, however many."""
        on, last = self.starts_on, until if self.ends_on is None else min(until, self.ends_on)
        while on <= last:
            yield on
            on += self.every_weeks * WEEK

    def date_of(self, original: datetime) -> date | None:
        """Return the date that has this original start, or None where it is not one of the rule's."""
        near = date_of(self.zone, minute_floor(original))
        for on in (near, near - timedelta(days=1)):  # a skipped end of a day is the next day's beginning
            if self._is_date(on) and instant(self.start_on(on)) == original:
                return on
        return None

    def _is_date(self, on: date) -> bool:
        is_within = self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
        return is_within and (on - self.starts_on) % (self.every_weeks * WEEK) == timedelta()

    def is_plain_on(self, on: date) -> bool:
        """Whether the zone's clock shows the wall time exactly once on a date: nobody can read it in two ways."""
        return len(instants_of(self.zone, on, self.start_minute)) == 1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series, and its original start as an epoch minute; a closed one takes no place."""

    on: date
    start: int
    is_closed: bool = False


def occurrences(
    rule: Rule, duration_minutes: int, until: date, *, closures: Sequence[Span] = (), after: date | None = None
) -> list[Occurrence]:
    """Return the dates of a rule up to ``until`` (inclusive), in order: those in a closure are marked, and not counted.

    ``closures`` are the spans to skip: none, where closed days are for somebody to decide on. With ``after`` only later
    dates are returned; ``times`` counts from the beginning all the same.
    """
    found: list[Occurrence] = []
    counted = 0
    for on in rule.dates(until):
        if rule.times is not None and counted == rule.times:
            break
        start = rule.start_on(on)
        is_closed = any(overlaps(closed, (start, start + duration_minutes)) for closed in closures)
        counted += not is_closed
        if after is None or on > after:
            found.append(Occurrence(on, start, is_closed))
    return found


def last_date(rule: Rule, today: date) -> date:
    """Return up to which date the sessions of a series are made: an open-ended one's some weeks ahead of today."""
    if rule.ends_on is not None:
        return rule.ends_on
    if rule.times is not None:
        return rule.starts_on + rule.every_weeks * WEEK * (rule.times + MOST_WEEKS_APART)
    return max(rule.starts_on, today + AHEAD)
