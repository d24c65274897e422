"""Which steps an attendance may take, and what a cancellation means by the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from practice.domain.errors import ImpossibleStep

# From each status to those that may follow. Arrivals and outcomes can be put right; a cancellation is final.
STEPS: Mapping[str, frozenset[str]] = {
    "booked": frozenset({"arrived", "completed", "no_show", "cancelled", "late_cancelled", "cancelled_by_practice"}),
    "arrived": frozenset({"booked", "completed", "no_show", "cancelled_by_practice"}),
    "completed": frozenset({"booked", "arrived", "no_show"}),
    "no_show": frozenset({"booked", "arrived", "completed"}),
    "cancelled": frozenset(),
    "late_cancelled": frozenset(),
    "cancelled_by_practice": frozenset(),
}
LIVE = ("booked", "arrived", "completed", "no_show")
OPEN = ("booked", "arrived")
GIVEN_UP = ("cancelled", "late_cancelled", "cancelled_by_practice")

# For so long a cancellation can be undone, and for so long nobody is told of it.
UNDO_FOR = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling now would mean: the status that follows, and the fee that is noted (smallest money unit)."""

    status: str
    late_fee_cents: int | None
    free_until: datetime


def step(status: str, to: str) -> str:
    """Return ``to``. Raises ImpossibleStep where an attendance in ``status`` cannot take that step."""
    if to not in STEPS[status]:
        raise ImpossibleStep
    return to


def cancellation(
    starts_at: datetime, *, now: datetime, free_cancel_hours: int, late_fee_cents: int, by_practice: bool = False
) -> Cancellation:
    """Return what cancelling means: free up to ``free_cancel_hours`` elapsed hours before the start, then late.

    The practice's own cancellation never costs the client anything.
    """
    free_until = starts_at - timedelta(hours=free_cancel_hours)
    if by_practice:
        return Cancellation("cancelled_by_practice", None, free_until)
    if now <= free_until:
        return Cancellation("cancelled", None, free_until)
    return Cancellation("late_cancelled", late_fee_cents, free_until)
