"""A therapist's load guard, one start at a time and in plain words: what ``practice.domain.load`` does on bitmaps."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from practice.domain.intervals import Span
from practice.domain.load import Meeting
from practice.domain.reasons import Code, Reason
from practice.domain.rule_book import Service, Therapist
from practice.domain.weekly_hours import date_of, days_span


def too_much(
    therapist: Therapist, zone: str, meetings: Sequence[Meeting], service: Service, start: int, *, is_first: bool
) -> Iterator[Reason]:
    """Yield why one more session at ``start`` would be too much for a therapist who has these meetings already.

    ``zone`` is the practice's, ``is_first`` whether it would be its client's first session with the therapist.
    """
    yield from _in_a_row(therapist, meetings, service, start)
    day = date_of(zone, start)
    if _is_full(therapist.max_a_day, [date_of(zone, each.start) == day for each in meetings]):
        yield Reason(Code.TOO_MANY_THAT_DAY, days_span(zone, day, day))
    if is_first:
        week = day.isocalendar()[:2]
        firsts = [each.is_first and date_of(zone, each.start).isocalendar()[:2] == week for each in meetings]
        if _is_full(therapist.max_first_a_week, firsts):
            monday = day - timedelta(days=day.weekday())
            yield Reason(Code.TOO_MANY_FIRST_SESSIONS, days_span(zone, monday, monday + timedelta(days=6)))


def _is_full(most: int | None, counted: Sequence[bool]) -> bool:
    return most is not None and sum(counted) >= most


def _in_a_row(therapist: Therapist, meetings: Sequence[Meeting], service: Service, start: int) -> Iterator[Reason]:
    if therapist.max_in_row is None:
        return
    taken = (start - service.before_minutes, start - service.before_minutes + service.total_minutes)
    earlier = sorted((each.span for each in meetings if each.span[0] < taken[0]), reverse=True)
    later = sorted(each.span for each in meetings if each.span[0] >= taken[0])
    first, run = _follow(taken, earlier, therapist.break_minutes)
    last, more = _follow(taken, later, therapist.break_minutes)
    if 1 + run + more > therapist.max_in_row:
        yield Reason(Code.TOO_MANY_IN_A_ROW, (min(first[0], taken[0]), max(last[1], taken[1])))


def _follow(taken: Span, others: Sequence[Span], pause: int) -> tuple[Span, int]:
    """Return the last of the spans, nearest first, that is in a row with ``taken``, and how many are."""
    at, count = taken, 0
    for other in others:
        apart = max(other[0], at[0]) - min(other[1], at[1])
        if apart >= pause:
            break
        at, count = other, count + 1
    return at, count
