"""How far the set-up is: what is there of everything that a first booking needs."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from practice.models import (
    Account,
    AccountRole,
    Appointment,
    Audience,
    Availability,
    Closure,
    Listing,
    Location,
    Offer,
    Room,
    Service,
    Therapist,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many there are of each thing, what is out of use left out.

    ``with_hours`` are therapists whose weekly hours go on, ``bookings`` is one where anything was ever booked.
    """

    locations: int
    rooms: int
    services: int
    public_services: int
    services_in_person: int
    therapists: int
    listed_therapists: int
    offers: int
    with_hours: int
    staff: int
    invited: int
    closures: int
    bookings: int


def progress(session: Session, today: date, now: datetime) -> Progress:
    """Return how far the set-up is. One statement."""
    works_here = exists().where(AccountRole.account_id == Account.id)
    counts = (
        _count(Location).where(Location.archived_at.is_(None)),
        _count(Room).join(Location).where(Room.archived_at.is_(None), Location.archived_at.is_(None)),
        _services(),
        _services().where(Service.audience == Audience.PUBLIC),
        _services().where(Service.in_person),
        _therapists(),
        _therapists().where(Therapist.listing == Listing.PUBLIC),
        _count(Offer)
        .join(Service)
        .join(Therapist)
        .where(Service.archived_at.is_(None), Therapist.archived_at.is_(None)),
        _therapists().where(
            exists().where(
                Availability.therapist_id == Therapist.id,
                or_(Availability.valid_until.is_(None), Availability.valid_until >= today),
            )
        ),
        _count(Account).where(works_here, Account.disabled_at.is_(None)),
        _count(Account).where(
            works_here,
            Account.disabled_at.is_(None),
            Account.password_hash.is_(None),
            Account.email_proven_at.is_(None),
        ),
        _count(Closure).where(Closure.ends_at > now),
        select(func.count()).select_from(select(Appointment.id).limit(1).subquery()),
    )
    return Progress(*session.execute(select(*(count.scalar_subquery() for count in counts))).one())


def first_bookable(session: Session) -> str | None:
    """Return the slug of the first service that somebody new can book with somebody who takes them, or None."""
    offered = exists().where(
        Offer.service_id == Service.id,
        Offer.therapist_id == Therapist.id,
        Therapist.archived_at.is_(None),
        Therapist.listing == Listing.PUBLIC,
        Therapist.takes_new_clients,
    )
    return session.scalar(
        select(Service.slug)
        .where(Service.archived_at.is_(None), Service.audience == Audience.PUBLIC, offered)
        .order_by(Service.position, Service.id)
        .limit(1)
    )


def _count(model: type[Account | Closure | Location | Offer | Room]) -> Select[int]:
    return select(func.count()).select_from(model)


def _services() -> Select[int]:
    return select(func.count()).select_from(Service).where(Service.archived_at.is_(None))


def _therapists() -> Select[int]:
    return select(func.count()).select_from(Therapist).where(Therapist.archived_at.is_(None))
