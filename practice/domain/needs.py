"""What a client needs to come at all, and a service as it is for one wish: its length, and what the room must have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from practice.domain.rule_book import RuleBook, Service

STEP_FREE, QUIET = "step_free", "quiet"
FEATURES: Mapping[str, str] = {STEP_FREE: "Step-free access", QUIET: "A quiet room"}
MOST_EXTRA_MINUTES = 120


@dataclass(frozen=True, slots=True)
class Needs:
    """Features that the room must have, whether an interpreter comes along, and minutes more than others get."""

    features: frozenset[str] = frozenset()
    interpreter: bool = False
    extra_minutes: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Needs":
        """Read what ``to_json`` wrote."""
        return cls(frozenset(value["features"]), bool(value["interpreter"]), int(value["extra_minutes"]))

    def to_json(self) -> dict[str, Any]:
        """Return them as plain values."""
        return {
            "features": sorted(self.features),
            "interpreter": self.interpreter,
            "extra_minutes": self.extra_minutes,
        }


NO_NEEDS = Needs()


def together(all_needs: Iterable[Needs]) -> Needs:
    """Return what people who come together need: every feature, and the most minutes that one of them needs."""
    known = list(all_needs)
    return Needs(
        frozenset().union(*(needs.features for needs in known)),
        any(needs.interpreter for needs in known),
        max((needs.extra_minutes for needs in known), default=0),
    )


def fitted(service: Service, duration_minutes: int | None = None, needs: Needs = NO_NEEDS) -> Service:
    """Return a service as it is for one wish: ``duration_minutes`` (its own where None) and what the client needs.

    ``variant`` tells it from the service itself wherever something is remembered of it. Whether the length is offered
    is not asked here.
    """
    minutes = service.duration_minutes if duration_minutes is None else duration_minutes
    features = service.room_features | needs.features
    if minutes == service.duration_minutes and needs == Needs(features=needs.features & service.room_features):
        return service
    interpreter = ["with interpreter"] if needs.interpreter else []
    return replace(
        service,
        duration_minutes=minutes + needs.extra_minutes,
        extra_minutes=needs.extra_minutes,
        room_features=features,
        with_interpreter=needs.interpreter,
        variant="+".join((str(minutes), str(needs.extra_minutes), *sorted(features), *interpreter)),
    )


def as_it_was(
    rules: RuleBook, service: Service, minutes: int, *, lead: int | None = None, price_cents: int | None = None
) -> Service:
    """Return a service as long as a session of it is that was booked already: a length of it, and extra minutes.

    The price with the therapist (an id) who led it tells the length where several would do; the longest is taken then.
    """
    lengths = [each.minutes for each in rules.lengths_of(service.id)]
    within = [each for each in lengths if each <= minutes] or lengths[:1]
    if price_cents is not None and lead is not None and (lead, service.id) in rules.offer_of:
        paid = [each for each in within if rules.price_cents(lead, service.id, each) == price_cents]
        within = paid or within
    return fitted(service, within[-1], Needs(extra_minutes=minutes - within[-1]))
