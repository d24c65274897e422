"""A therapist's load guard on bitmaps: which starts would be too much, whoever else is free.

``Load`` holds one therapist's sessions in order, unmerged; ``allowed`` gives the starts of a block that the guard
lets through. ``practice.domain.guarding`` decides the same one start at a time, and says why not.

*In a row* are sessions with less than the break between their busy spans, buffers included. A new session can join the
run before it with the run after it, so each gap knows how long both are. Days and weeks are the practice's, and count
sessions that begin in them. Sessions, not hours: what an outside calendar says is neither a session nor work here.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from practice.domain.intervals import Span
from practice.domain.rule_book import Service, Therapist
from practice.domain.weekly_hours import date_of, days_span


class Meeting(NamedTuple):
    """One session of a therapist: the span with its buffers, its own start, and whether it is its client's first."""

    span: Span
    start: int
    is_first: bool = False


class Gap(NamedTuple):
    """Free time between two sessions, and how many are in a row before it and after it."""

    start: int
    end: int
    before: int
    after: int


FOREVER = 10**9
Starts = Sequence[int]


class Load:
    """What one therapist has to do, as their guard counts it. ``meetings`` are in no order; none of them overlap."""

    def __init__(self, therapist: Therapist, zone: str, meetings: Iterable[Meeting]) -> None:
        self.therapist = therapist
        self.zone = zone
        known = sorted(set(meetings))
        self.starts = sorted(meeting.start for meeting in known)
        self.firsts = sorted(meeting.start for meeting in known if meeting.is_first)
        most = therapist.max_in_row
        self.gaps = (
            [] if most is None else [gap for gap in _gaps(known, therapist.break_minutes) if _matters(gap, most)]
        )
        self._known: dict[tuple[int, int, Span, int], int] = {}

    def allowed(self, service: Service, block: Span, first_until: int) -> int:
        """Return the starts in ``block`` that the guard allows.

        A session before minute ``first_until`` of the block would be its client's first with this therapist.
        """
        key = (service.before_minutes, service.total_minutes, block, first_until)
        mask = self._known.get(key)
        if mask is None:
            mask = self._known[key] = self._allowed(service, block, first_until)
        return mask

    def _allowed(self, service: Service, block: Span, first_until: int) -> int:
        mask = (1 << (block[1] - block[0])) - 1
        for start, end in self._refused(service, block, first_until):
            low, high = max(start, block[0]), min(end, block[1])
            if low < high:
                mask &= ~(((1 << (high - low)) - 1) << (low - block[0]))
        return mask

    def _refused(self, service: Service, block: Span, first_until: int) -> Iterator[Span]:
        whom = self.therapist
        if whom.max_in_row is not None:
            yield from self._in_a_row(service, block, whom.max_in_row)
        if whom.max_a_day is not None:
            yield from self._full(self.starts, whom.max_a_day, block, days=1)
        if whom.max_first_a_week is not None:
            until = block[0] + first_until
            for start, end in self._full(self.firsts, whom.max_first_a_week, block, days=7):
                yield start, min(end, until)

    def _in_a_row(self, service: Service, block: Span, most: int) -> Iterator[Span]:
        """Yield the starts that would make a run too long, gap by gap."""
        pause, before = self.therapist.break_minutes, service.before_minutes
        rest = service.total_minutes - before
        reach = pause + service.total_minutes
        for gap in self.gaps[bisect_left(self.gaps, block[0] - reach, key=_end) :]:
            if gap.start > block[1] + reach:
                return
            joins_before = (gap.start + before, gap.start + before + pause)
            joins_after = (gap.end - rest - pause + 1, gap.end - rest + 1)
            if gap.before >= most:
                yield joins_before
            if gap.after >= most:
                yield joins_after
            if gap.before + gap.after >= most:
                yield max(joins_before[0], joins_after[0]), min(joins_before[1], joins_after[1])

    def _full(self, starts: Starts, most: int, block: Span, *, days: int) -> Iterator[Span]:
        """Yield the days, or the weeks from Monday, that hold as many starts as they may."""
        on = date_of(self.zone, block[0])
        if days > 1:
            on -= timedelta(days=on.weekday())
        while True:
            span = days_span(self.zone, on, on + timedelta(days=days - 1))
            if span[0] >= block[1]:
                return
            if bisect_left(starts, span[1]) - bisect_left(starts, span[0]) >= most:
                yield span
            on += timedelta(days=days)


def _gaps(meetings: Sequence[Meeting], pause: int) -> Iterator[Gap]:
    """Yield what lies before, between and after the meetings, which are in order."""
    if not meetings:
        return
    length = len(meetings)
    joined = [later.span[0] - earlier.span[1] < pause for earlier, later in pairwise(meetings)]
    before, after = [1] * length, [1] * length
    for at in range(1, length):
        before[at] = before[at - 1] + 1 if joined[at - 1] else 1
        after[length - at - 1] = after[length - at] + 1 if joined[length - at - 1] else 1
    yield Gap(-FOREVER, meetings[0].span[0], 0, after[0])
    for at, (earlier, later) in enumerate(pairwise(meetings)):
        yield Gap(earlier.span[1], later.span[0], before[at], after[at + 1])
    yield Gap(meetings[-1].span[1], FOREVER, before[-1], 0)


def _matters(gap: Gap, most: int) -> bool:
    """Whether one more session in a gap can be too many in a row."""
    return gap.before + gap.after >= most


def _end(gap: Gap) -> int:
    return gap.end
