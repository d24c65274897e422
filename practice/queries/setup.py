"""What admins see: everything that is set up, archived things included, a page at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from practice.domain.errors import NotFound
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Closure,
    Licence,
    Location,
    Offer,
    Room,
    Service,
    Therapist,
)

PER_PAGE = 25

A = TypeVar("A")
T = TypeVar("T", Service, Therapist, Location, Room)


@dataclass(frozen=True, slots=True)
class Part(Generic[A]):
    """One page of many rows, and how many there are in all."""

    rows: Sequence[A]
    total: int


def part_of(session: Session, statement: Select[A], page: int) -> Part[A]:
    """Return one page of what a statement finds, PER_PAGE rows. Two statements. Raises NotFound past the last one."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = session.scalars(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if page > 1 and not rows:
        raise NotFound
    return Part(rows, total)


def things(session: Session, model: type[T], page: int) -> Part[T]:
    """Return one page of the things of a kind, those in use first."""
    return part_of(session, ordered(model), page)


def in_use(session: Session, model: type[T]) -> Sequence[T]:
    """Return all things of a kind that are in use, in their order."""
    table: Any = model
    return session.scalars(ordered(model).where(table.archived_at.is_(None))).all()


def colleagues(session: Session, of: Therapist | None) -> tuple[Sequence[Therapist], Sequence[Therapist]]:
    """Return the others in use who can supervise a therapist, and who does now, whether in use or not."""
    others = in_use(session, Therapist)
    if of is None:
        return others, ()
    now = session.scalars(select(Therapist).where(Therapist.id == (of.supervisor_id or 0))).all()
    return [each for each in others if of.id not in (each.id, each.supervisor_id)], now


def ending_licences(session: Session, until: date, *, most: int) -> Sequence[tuple[Licence, Therapist]]:
    """Return the licences of therapists in use that end by a date or have ended, soonest first, at most ``most``."""
    rows = session.execute(
        select(Licence, Therapist)
        .join(Therapist, Therapist.id == Licence.therapist_id)
        .where(Licence.expires_on <= until, Therapist.archived_at.is_(None))
        .order_by(Licence.expires_on, Therapist.position, Licence.id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


def rooms_of(session: Session, location_ids: Collection[int]) -> dict[int, list[Room]]:
    """Return the rooms of some places, those in use first, by the id of their place."""
    found: dict[int, list[Room]] = {}
    for room in session.scalars(ordered(Room).where(Room.location_id.in_(location_ids))):
        found.setdefault(room.location_id, []).append(room)
    return found


def features_in_use(session: Session) -> Iterable[str]:
    """Return what rooms have, each once, in the order of the alphabet."""
    return sorted({feature for features in session.scalars(select(Room.features)) for feature in features})


def offers_of(session: Session, therapist_id: int) -> dict[int, Offer]:
    """Return what a therapist offers, by the id of the service."""
    theirs = select(Offer).where(Offer.therapist_id == therapist_id)
    return {offer.service_id: offer for offer in session.scalars(theirs)}


def offers_for(session: Session, service_id: int) -> dict[int, Offer]:
    """Return who offers a service, by the id of the therapist."""
    its = select(Offer).where(Offer.service_id == service_id)
    return {offer.therapist_id: offer for offer in session.scalars(its)}


def closures_to_come(session: Session, now: datetime, page: int) -> Part[tuple[Closure, Location | None]]:
    """Return one page of the closures that are not over, with their place, in order of time."""
    coming = select(Closure).where(Closure.ends_at > now).order_by(Closure.starts_at, Closure.id)
    found = part_of(session, coming, page)
    ids = {each.location_id for each in found.rows if each.location_id is not None}
    places = {each.id: each for each in session.scalars(select(Location).where(Location.id.in_(ids)))}
    return Part([(each, places.get(each.location_id or 0)) for each in found.rows], found.total)


def appointments_in_closures(session: Session, now: datetime, *, most: int) -> Sequence[Appointment]:
    """Return booked sessions to come that a closure covers, in order of time, at most ``most``."""
    covered: ColumnElement[bool] = exists().where(
        and_(
            Closure.starts_at < Appointment.ends_at,
            Closure.ends_at > Appointment.starts_at,
            or_(Closure.location_id.is_(None), Closure.location_id == Appointment.location_id),
        )
    )
    return session.scalars(_shown().where(Appointment.starts_at > now, covered).limit(most)).all()


def appointments_between(
    session: Session, starts_at: datetime, ends_at: datetime, location: str, *, most: int
) -> Sequence[Appointment]:
    """Return booked sessions between two instants, of a place (its public id) where one is named, at most ``most``."""
    wanted = _shown().where(Appointment.starts_at < ends_at, Appointment.ends_at > starts_at)
    if location:
        place = select(Location.id).where(Location.public_id == location).scalar_subquery()
        wanted = wanted.where(Appointment.location_id == place)
    return session.scalars(wanted.limit(most)).all()


def booked_spans(
    session: Session, starts_at: datetime, ends_at: datetime, location_id: int | None
) -> Sequence[tuple[datetime, datetime]]:
    """Return when booked sessions between two instants begin and end, only those of a place where one is named."""
    wanted = select(Appointment.starts_at, Appointment.ends_at).where(
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.starts_at < ends_at,
        Appointment.ends_at > starts_at,
    )
    if location_id is not None:
        wanted = wanted.where(Appointment.location_id == location_id)
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(Appointment.starts_at))]


def closed_holidays(session: Session, keys: Collection[str], location_id: int | None) -> frozenset[str]:
    """Return which days of a holiday calendar are closed already, for a place or the whole practice."""
    known = select(Closure.holiday).where(
        Closure.holiday.in_(keys), Closure.location_id.is_not_distinct_from(location_id)
    )
    return frozenset(session.scalars(known))


def _shown() -> Select[Appointment]:
    return (
        select(Appointment)
        .where(Appointment.status == AppointmentStatus.BOOKED)
        .options(
            joinedload(Appointment.service),
            selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )


def booked_to_come(session: Session, now: datetime, which: ColumnElement[bool]) -> int:
    """Return how many booked sessions to come fit a condition on the appointment."""
    count = select(func.count()).select_from(Appointment)
    wanted = count.where(Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED, which)
    return session.scalar(wanted) or 0


def ordered(model: type[T]) -> Select[T]:
    """Return the statement for all things of a kind, those in use first, each in its place."""
    table: Any = model
    return select(model).order_by(table.archived_at.is_not(None), table.position, table.id)
