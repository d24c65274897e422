"""Other times for whoever lost one: a few free starts around it, in one statement where nothing changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.intervals import DAY, Span, minute_floor
from practice.domain.rule_book import Audience, Modality
from practice.domain.slots import Slot
from practice.queries.slots import Times, times_of

REACH = timedelta(days=14)
MOST = 6


def near_times(
    session: Session,
    service: str,
    therapist: str | None,
    around: datetime,
    *,
    viewer: Audience,
    now: datetime,
    modality: Modality | None = None,
    asking: Asking = NOT_ASKING,
) -> tuple[Times, list[Slot]]:
    """Return up to six slots close to ``around`` (aware), in order of time, and the times they are part of.

    Those of ``therapist`` (slugs) come before everybody else's; only what can be met in ``modality`` counts where one
    is given. Two weeks around are looked at. Raises NotFound where the viewer sees no such service.
    """
    times = times_of(session, service, None, viewer=viewer, now=now, asking=asking)
    start = minute_floor(around)
    found = [slot for slot in _around(times, start) if modality is None or modality in slot.ways.modalities]
    wanted = times.rules.therapist_by_slug.get(therapist) if therapist else None
    first = wanted.id if wanted else None
    rank = times.rules.therapist_rank
    found.sort(key=lambda slot: (slot.therapist_id != first, abs(slot.start - start), rank[slot.therapist_id]))
    chosen = list(_one_a_start(found))[:MOST]
    return times, sorted(chosen, key=lambda slot: (slot.start, rank[slot.therapist_id]))


def _around(times: Times, start: int) -> list[Slot]:
    reach = REACH.days * DAY
    span: Span = max(start - reach, times.bookable[0]), min(start + reach, times.bookable[1])
    if span[0] >= span[1]:
        return []
    return times.within(span)


def _one_a_start(slots: list[Slot]) -> Iterator[Slot]:
    """Yield the first slot of each start, so that six times are six times and not one with six therapists."""
    seen: set[int] = set()
    for slot in slots:
        if slot.start not in seen:
            seen.add(slot.start)
            yield slot
