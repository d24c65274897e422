"""Where buffers give way: sessions that staff let stand closer to each other than their buffers ask for.

A session's *core* is the session alone, its *whole* the core with its buffers, its *span* what the ledger has of it:
the core always, of the buffers as much as there is room for. Buffers of two sessions never overlap, so

- a session that is squeezed in cuts the buffers beside it as far as its core needs, and takes for its own buffers what
  is left between;
- where one goes, or gives up what another buffer had given way to, the buffers beside it grow back, as far as nobody
  else is in their way.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple


class Stretch(NamedTuple):
    """From when to when: half-open."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Stretch") -> bool:
        """Whether the two share any time."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Standing(NamedTuple):
    """One session as one resource is busy with it; ``id`` is that of its row in the ledger."""

    id: int
    span: Stretch
    core: Stretch
    whole: Stretch


def squeezed(core: Stretch, whole: Stretch, others: Iterable[Standing]) -> tuple[Stretch, Mapping[int, Stretch]]:
    """Return the span that a session gets among ``others``, and the new spans of those whose buffers give way.

    Sessions whose cores overlap are left as they are: it is for the ledger to refuse that.
    """
    starts_at, ends_at = whole
    cut: dict[int, Stretch] = {}
    for other in others:
        if other.core.overlaps(core) or not other.span.overlaps(whole):
            continue
        left, right = other.span
        if other.core.ends_at <= core.starts_at:
            right = min(right, core.starts_at)
            starts_at = max(starts_at, right)
        else:
            left = max(left, core.ends_at)
            ends_at = min(ends_at, left)
        if (left, right) != other.span:
            cut[other.id] = Stretch(left, right)
    return Stretch(starts_at, ends_at), cut


def given_up(others: Iterable[Standing], cut: Mapping[int, Stretch]) -> Iterator[Stretch]:
    """Yield the time that sessions had and, once they are ``cut`` to new spans, have no more."""
    for other in others:
        left, right = cut.get(other.id, other.span)
        if other.span.starts_at < left:
            yield Stretch(other.span.starts_at, left)
        if right < other.span.ends_at:
            yield Stretch(right, other.span.ends_at)


def regrown(one: Standing, others: Iterable[Standing]) -> Stretch:
    """Return the span of a session once its buffers have grown back as far as ``others`` of the same resource allow."""
    spans = [other.span for other in others if other.id != one.id]
    earliest = max((span.ends_at for span in spans if span.ends_at <= one.span.starts_at), default=one.whole.starts_at)
    latest = min((span.starts_at for span in spans if span.starts_at >= one.span.ends_at), default=one.whole.ends_at)
    return Stretch(max(one.whole.starts_at, earliest), min(one.whole.ends_at, latest))
