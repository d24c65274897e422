"""What a place costs, and what cancelling it costs: told and applied by the same functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

AGREED_KINDS: Final = frozenset({"individual", "couple"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What cancelling costs one client (smallest money unit): free until some hours before the start, then the fee.

    ``late_since`` is when they moved the session inside that window: from then on, cancelling is late whenever it is.
    """

    free_cancel_hours: int
    late_fee_cents: int
    late_since: datetime | None = None

    def free_until(self, starts_at: datetime) -> datetime:
        """Return until when a session that starts then can be cancelled, or moved, free of charge."""
        until = starts_at - timedelta(hours=self.free_cancel_hours)
        return until if self.late_since is None else min(until, self.late_since)

    def is_late(self, starts_at: datetime, now: datetime) -> bool:
        """Whether cancelling now would be late."""
        return now > self.free_until(starts_at) or (self.late_since is not None and now >= self.late_since)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling now would mean: the status that follows, and the fee that is noted (smallest money unit)."""

    status: str
    late_fee_cents: int | None
    free_until: datetime


def fee_of(kind: str, price_cents: int, agreed_fee_cents: int | None) -> int:
    """Return what a place costs a client: what was agreed with them for sessions alone or of two, else the price."""
    return price_cents if agreed_fee_cents is None or kind not in AGREED_KINDS else agreed_fee_cents


def terms_of(
    free_cancel_hours: int,
    late_fee_cents: int,
    *,
    kind: str = "",
    agreed_fee_cents: int | None = None,
    no_late_fees: bool = False,
    late_since: datetime | None = None,
) -> Terms:
    """Return what cancelling costs a client: the practice's fee, never more than was agreed, nothing for some."""
    late = 0 if no_late_fees else min(late_fee_cents, fee_of(kind, late_fee_cents, agreed_fee_cents))
    return Terms(free_cancel_hours, late, late_since)


def cancellation(starts_at: datetime, terms: Terms, *, now: datetime, by_practice: bool = False) -> Cancellation:
    """Return what cancelling means now. The practice's own cancellation never costs the client anything."""
    free_until = terms.free_until(starts_at)
    if by_practice:
        return Cancellation("cancelled_by_practice", None, free_until)
    if not terms.is_late(starts_at, now):
        return Cancellation("cancelled", None, free_until)
    return Cancellation("late_cancelled", terms.late_fee_cents, free_until)
