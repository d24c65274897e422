"""What admins see: everything that is set up, archived things included, and how far the set-up is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from practice.models import (
    Account,
    AccountRole,
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Availability,
    Closure,
    Location,
    Offer,
    Room,
    Service,
    Therapist,
)

T = TypeVar("T", Service, Therapist, Location, Room)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many there are of each thing that a practice needs, archived things left out."""

    locations: int
    rooms: int
    services: int
    therapists: int
    offers: int
    therapists_with_hours: int
    staff: int


def progress(session: Session) -> Progress:
    """Return how far the set-up is. One statement."""
    counts = (
        select(func.count()).select_from(Location).where(Location.archived_at.is_(None)),
        select(func.count()).select_from(Room).where(Room.archived_at.is_(None)),
        select(func.count()).select_from(Service).where(Service.archived_at.is_(None)),
        select(func.count()).select_from(Therapist).where(Therapist.archived_at.is_(None)),
        select(func.count()).select_from(Offer),
        select(func.count(Availability.therapist_id.distinct())),
        select(func.count(AccountRole.account_id.distinct())),
    )
    return Progress(*session.execute(select(*(count.scalar_subquery() for count in counts))).one())


def all_services(session: Session) -> Sequence[Service]:
    """Return every service, those in use first."""
    return session.scalars(_ordered(Service)).all()


def all_therapists(session: Session) -> Sequence[Therapist]:
    """Return every therapist, those who are here first."""
    return session.scalars(_ordered(Therapist)).all()


def all_locations(session: Session) -> Sequence[Location]:
    """Return every place, those in use first."""
    return session.scalars(_ordered(Location)).all()


def rooms_by_location(session: Session) -> dict[int, list[Room]]:
    """Return every room, those in use first, by the id of its place."""
    found: dict[int, list[Room]] = {}
    for room in session.scalars(_ordered(Room)):
        found.setdefault(room.location_id, []).append(room)
    return found


def offers_of(session: Session, therapist_id: int) -> dict[int, Offer]:
    """Return what a therapist offers, by the id of the service."""
    return {
        offer.service_id: offer for offer in session.scalars(select(Offer).where(Offer.therapist_id == therapist_id))
    }


def closures_to_come(session: Session, now: datetime) -> Sequence[tuple[Closure, Location | None]]:
    """Return the closures that are not over, with their place, in order of time."""
    rows = session.execute(
        select(Closure, Location)
        .outerjoin(Location, Location.id == Closure.location_id)
        .where(Closure.ends_at > now)
        .order_by(Closure.starts_at, Closure.id)
    )
    return [(row[0], row[1]) for row in rows]


def appointments_in_closures(session: Session, now: datetime, *, most: int) -> Sequence[Appointment]:
    """Return booked sessions to come that a closure covers, in order of time, at most ``most``."""
    covered: ColumnElement[bool] = exists().where(
        and_(
            Closure.starts_at < Appointment.ends_at,
            Closure.ends_at > Appointment.starts_at,
            or_(Closure.location_id.is_(None), Closure.location_id == Appointment.location_id),
        )
    )
    return session.scalars(
        select(Appointment)
        .where(Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED, covered)
        .options(
            joinedload(Appointment.service),
            selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(most)
    ).all()


def booked_to_come(session: Session, now: datetime, which: ColumnElement[bool]) -> int:
    """Return how many booked sessions to come fit a condition on the appointment."""
    count = select(func.count()).select_from(Appointment)
    wanted = count.where(Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED, which)
    return session.scalar(wanted) or 0


def staff_accounts(session: Session) -> Sequence[Account]:
    """Return every account with a staff role, by name."""
    return session.scalars(
        select(Account)
        .where(exists().where(AccountRole.account_id == Account.id))
        .options(selectinload(Account.roles))
        .order_by(Account.name, Account.id)
    ).all()


def account_by_public_id(session: Session, public_id: str) -> Account | None:
    """Return a staff account, or None."""
    return session.scalars(
        select(Account).where(Account.public_id == public_id, exists().where(AccountRole.account_id == Account.id))
    ).one_or_none()


def _ordered(model: type[T]) -> Select[T]:
    table: Any = model
    return select(model).order_by(table.archived_at.is_not(None), table.position, table.id)
