"""What the practice offers, as a stranger or somebody signed in may see it: services and who leads them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.models import Audience, Listing, Offer, Service, Therapist
from practice.queries.practice import practice_facts


@dataclass(frozen=True, slots=True)
class Catalog:
    """Services and therapists in their order of display, and who offers what, by slug.

    ``prices`` are the different prices that a service has with those who offer it, in cents, the lowest first.
    """

    currency: str
    services: tuple[Service, ...]
    therapists: tuple[Therapist, ...]
    offered_by: dict[int, tuple[str, ...]]
    offers_of: dict[int, tuple[str, ...]]
    prices: dict[int, tuple[int, ...]] = field(default_factory=dict)


def catalog(session: Session, *, is_signed_in: bool) -> Catalog:
    """Return what may be seen; nothing archived, nothing that only staff book. Four statements."""
    seen = (Listing.PUBLIC, Listing.CLIENTS) if is_signed_in else (Listing.PUBLIC,)
    services = _services(session, (Audience.PUBLIC, Audience.CLIENTS))
    therapists = tuple(
        session.scalars(
            select(Therapist)
            .where(Therapist.archived_at.is_(None), Therapist.listing.in_(seen))
            .order_by(Therapist.position, Therapist.name, Therapist.id)
        )
    )
    offered_by: dict[int, list[str]] = defaultdict(list)
    offers_of: dict[int, list[str]] = defaultdict(list)
    prices: dict[int, set[int]] = defaultdict(set)
    offered = session.execute(select(Offer.therapist_id, Offer.service_id, Offer.price_cents))
    pairs = {(row[0], row[1]): row[2] for row in offered}
    for therapist in therapists:
        for service in services:
            if (therapist.id, service.id) in pairs:
                offered_by[service.id].append(therapist.slug)
                offers_of[therapist.id].append(service.slug)
                own = pairs[therapist.id, service.id]
                prices[service.id].add(service.price_cents if own is None else own)
    return Catalog(
        currency=practice_facts(session).currency,
        services=services,
        therapists=therapists,
        offered_by={key: tuple(slugs) for key, slugs in offered_by.items()},
        offers_of={key: tuple(slugs) for key, slugs in offers_of.items()},
        prices={key: tuple(sorted(found)) for key, found in prices.items()},
    )


def _services(session: Session, audiences: Collection[str]) -> tuple[Service, ...]:
    return tuple(
        session.scalars(
            select(Service)
            .where(Service.archived_at.is_(None), Service.audience.in_(audiences))
            .order_by(Service.position, Service.name, Service.id)
        )
    )


def service_ids_by_slug(session: Session) -> dict[str, str]:
    """Return the public ids of the services that are offered, by slug."""
    rows = session.execute(select(Service.slug, Service.public_id).where(Service.archived_at.is_(None)))
    return {row.slug: row.public_id for row in rows}
