"""How a calendar says a series: one entry that repeats, and an entry of its own for each session that is otherwise.

The entry that repeats covers the sessions that are exactly as the series says: never changed, at its time, alike in
all that a reader sees. Whatever was changed keeps an entry of its own for good, so that no number of a change ever
falls back. Dates without a session are excluded, so what repeats covers nothing that is not there.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from practice.domain.series import Rule


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a series as a calendar has it; ``look`` is all that a reader sees of it but its time."""

    original: datetime
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    is_unchanged: bool
    look: Hashable


@dataclass(frozen=True, slots=True)
class Cover:
    """What repeats: from its first to its last date without the excluded ones, with a session to say it by.

    ``covered`` and ``model`` are places in the list of sessions.
    """

    first: date
    last: date
    excluded: tuple[date, ...]
    covered: frozenset[int]
    model: int


def cover_of(rule: Rule, sessions: Sequence[Session]) -> Cover | None:
    """Return what one repeating entry can say of the sessions of a rule, or None where it can say nothing."""
    dates = [rule.date_of(each.original) for each in sessions]
    fitting = {
        at: on
        for at, on in enumerate(dates)
        if on is not None and rule.is_plain_on(on) and _is_as_made(rule, sessions[at])
    }
    if not fitting:
        return None
    alike = Counter(_look(sessions[at]) for at in fitting)
    look = max(alike, key=lambda each: alike[each])  # of those that are as many, the first
    covered = frozenset(at for at in fitting if _look(sessions[at]) == look)
    there = {on for on in dates if on is not None}
    first, last = min(on for on in there if rule.is_plain_on(on)), max(there)
    weeks = rule.every_weeks
    steps = ((last - first) // timedelta(weeks=weeks)) + 1
    every = (first + timedelta(weeks=weeks * step) for step in range(steps))
    return Cover(first, last, tuple(on for on in every if on not in there), covered, min(covered))


def _is_as_made(rule: Rule, session: Session) -> bool:
    """Whether a session was never changed, and its length reads the same on the wall as it is."""
    zone = ZoneInfo(rule.zone)
    begins, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    is_even = begins.utcoffset() == ends.utcoffset() == ends.replace(fold=1).utcoffset()
    return session.is_unchanged and not session.is_cancelled and session.starts_at == session.original and is_even


def _look(session: Session) -> tuple[timedelta, Hashable]:
    return session.ends_at - session.starts_at, session.look
