"""Half-open spans of whole minutes since 1970-01-01T00:00Z ("epoch minutes"), and the way to instants and back.

A span is ``(start, end)`` with ``start < end``; it holds ``start`` and does not hold ``end``, so spans that touch do
not overlap. The functions accept spans in any order, overlapping or not, and return them sorted and apart.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]

DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def minute_floor(at: datetime) -> int:
    """Return the epoch minute that ``at`` (aware) lies in."""
    return (at - EPOCH) // MINUTE


def minute_ceil(at: datetime) -> int:
    """Return the first epoch minute that is not before ``at`` (aware)."""
    return -((EPOCH - at) // MINUTE)


def instant(minute: int) -> datetime:
    """Return the instant, aware in UTC, at which an epoch minute begins."""
    return EPOCH + timedelta(minutes=minute)


def outer_span(start: datetime, end: datetime) -> Span:
    """Return the smallest span of whole minutes that covers ``start`` to ``end``: what is busy stays wholly covered."""
    return minute_floor(start), minute_ceil(end)


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a minute."""
    return one[0] < other[1] and other[0] < one[1]


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same minutes as sorted spans that neither overlap nor touch. Empty spans vanish."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return what ``taken`` leaves of ``spans``, sorted and apart."""
    holes = merge(taken)
    left: list[Span] = []
    for start, end in merge(spans):
        at = start
        for first, last in holes:
            if first < end and at < last:
                left.append((at, first))
                at = last
        left.append((at, end))
    return merge(left)
