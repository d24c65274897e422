"""Good-faith estimates: those that are to be made or given, those of a client, and all that stands on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from practice.domain.lifecycle import OPEN
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    Client,
    Closure,
    Estimate,
    Lead,
    Licence,
    Location,
    Practice,
    Service,
    Therapist,
)
from practice.queries.hot import HotStatement

FARTHEST = timedelta(days=366)
_GIVES = HotStatement(select(Practice.gives_estimates))


@dataclass(frozen=True, slots=True)
class Listed:
    """An estimate in a list: whose it is, what it is about, until when it is due, and how far it is."""

    public_id: str
    client_id: str
    name: str
    service: str
    therapist: str
    starts_at: datetime
    due_on: date
    made_at: datetime | None
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expected:
    """One session that is expected: what, when, how long, where, with whom, and what it costs the client."""

    service: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    address: str
    fee_cents: int
    therapist_id: int


def _newest() -> ColumnElement[bool]:
    """Only the newest estimate about something counts: older ones are kept as they were."""
    later = aliased(Estimate)
    return ~exists().where(
        later.client_id == Estimate.client_id,
        later.appointment_id.is_not_distinct_from(Estimate.appointment_id),
        later.series_id.is_not_distinct_from(Estimate.series_id),
        later.id > Estimate.id,
    )


def _first(*, is_given: bool) -> Select[Any]:
    """The first session that an estimate is about: before it is given, only what still takes place with that client."""
    about = or_(
        and_(Estimate.appointment_id.is_not(None), Appointment.id == Estimate.appointment_id),
        and_(Estimate.appointment_id.is_(None), Appointment.series_id == Estimate.series_id),
    )
    return (
        select(Appointment.id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(
            about,
            Attendance.client_id == Estimate.client_id,
            *([] if is_given else [Attendance.status.in_(OPEN), Appointment.status == AppointmentStatus.BOOKED]),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(1)
        .correlate(Estimate)
    )


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(Estimate.given_at.is_(None), _newest(), Appointment.starts_at > now)


def estimates_listed(session: Session, *, now: datetime, is_given: bool, page: int, per_page: int) -> Sequence[Listed]:
    """Return a page and one row more where another follows: those still to give by when they are due, given newest."""
    wanted = _rows(is_given=is_given).where(Estimate.given_at.is_not(None) if is_given else _waiting(now))
    order = (Estimate.given_at.desc(), Estimate.id.desc()) if is_given else (Estimate.due_on, Estimate.id)
    rows = session.execute(wanted.order_by(*order).offset((page - 1) * per_page).limit(per_page + 1))
    return [Listed(*row) for row in rows]


def estimates_waiting(session: Session, *, now: datetime) -> int:
    """Return how many estimates are still to be given."""
    rows = _rows(is_given=False).where(_waiting(now)).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def gives_estimates(session: Session) -> bool:
    """Whether the practice gives estimates; asked with every booking."""
    row = _GIVES.first_in(session.connection())
    return bool(row and row[0])


def estimate_by_public_id(session: Session, public_id: str) -> tuple[Estimate, Client] | None:
    """Return an estimate with its client, or None where there is none, or its client was erased."""
    row = session.execute(
        select(Estimate, Client)
        .join(Client, Client.id == Estimate.client_id)
        .where(Estimate.public_id == public_id, Client.erased_at.is_(None))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def estimate_of(session: Session, client_id: int, appointment_id: int, series_id: int | None = None) -> Estimate | None:
    """Return the newest estimate of a client about a session, or about the series that it belongs to, or None."""
    about: ColumnElement[bool] = Estimate.appointment_id == appointment_id
    if series_id is not None:
        about = or_(about, Estimate.series_id == series_id)
    wanted = select(Estimate).where(Estimate.client_id == client_id, about)
    return session.scalars(wanted.order_by(Estimate.id.desc()).limit(1)).one_or_none()


def given_estimate(session: Session, client_id: int, appointment: Appointment) -> Estimate | None:
    """Return the estimate about a session, or its series, that a client was given last, or None."""
    wanted = select(Estimate).where(_about(client_id, appointment), Estimate.given_at.is_not(None))
    return session.scalars(wanted.order_by(Estimate.id.desc()).limit(1)).one_or_none()


def waits_for_estimate(session: Session, client_id: int, appointment: Appointment) -> bool:
    """Whether an estimate about a session, or its series, is still to be given."""
    wanted = select(Estimate.id).where(_about(client_id, appointment), Estimate.given_at.is_(None), _newest())
    return session.scalar(wanted.limit(1)) is not None


def _about(client_id: int, appointment: Appointment) -> ColumnElement[bool]:
    about: ColumnElement[bool] = Estimate.appointment_id == appointment.id
    if appointment.series_id is not None:
        about = or_(about, Estimate.series_id == appointment.series_id)
    return and_(Estimate.client_id == client_id, about)


def expected_sessions(session: Session, estimate: Estimate, *, now: datetime) -> Sequence[Expected]:
    """Return the sessions that an estimate is about and that are to come, at most a year ahead, in order of time.

    One about a date of a course is about all dates of the course to which the client comes.
    """
    course = select(Appointment.course_id).where(Appointment.id == estimate.appointment_id).scalar_subquery()
    about = (
        or_(Appointment.id == estimate.appointment_id, Appointment.course_id == course)
        if estimate.appointment_id is not None
        else Appointment.series_id == estimate.series_id
    )
    rows = session.execute(
        select(
            Service.name, Appointment.starts_at, Appointment.ends_at, Appointment.zone,
            func.coalesce(Location.name, ""), func.coalesce(Location.address, ""), Attendance.fee_cents,
            AppointmentTherapist.therapist_id,
        )
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .join(Service, Service.id == Appointment.service_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .outerjoin(Location, Location.id == Appointment.location_id)
        .where(
            about,
            AppointmentTherapist.part == Lead.LEAD,
            Attendance.client_id == estimate.client_id,
            Attendance.status.in_(OPEN),
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
            Appointment.starts_at < now + FARTHEST,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )  # fmt: skip
    return [Expected(*row) for row in rows]


def therapist_on_paper(session: Session, therapist_id: int, today: date) -> tuple[Therapist | None, Sequence[Licence]]:
    """Return a therapist with the licences that hold."""
    holds = or_(Licence.expires_on.is_(None), Licence.expires_on >= today)
    licences = select(Licence).where(Licence.therapist_id == therapist_id, holds)
    return session.get(Therapist, therapist_id), session.scalars(licences.order_by(Licence.position, Licence.id)).all()


def closed_days(session: Session, zone: str, since: date, until: date) -> frozenset[date]:
    """Return the dates of ``zone`` on which the whole practice is closed all day."""
    place = ZoneInfo(zone)

    def midnight(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=place)

    spans = session.execute(
        select(Closure.starts_at, Closure.ends_at).where(
            Closure.location_id.is_(None), Closure.ends_at > midnight(since), Closure.starts_at < midnight(until)
        )
    ).all()
    days = (since + timedelta(days=number) for number in range((until - since).days))
    return frozenset(
        day
        for day in days
        if any(row.starts_at <= midnight(day) and midnight(day + timedelta(days=1)) <= row.ends_at for row in spans)
    )


def _rows(*, is_given: bool) -> Select[*tuple[Any, ...]]:
    name = func.coalesce(func.nullif(Client.chosen_name, ""), Client.name)
    return (
        select(
            Estimate.public_id, Client.public_id, name, Service.name, Therapist.name, Appointment.starts_at,
            Estimate.due_on, Estimate.made_at, Estimate.given_at,
        )
        .join(Client, Client.id == Estimate.client_id)
        .join(Appointment, Appointment.id == _first(is_given=is_given).scalar_subquery())
        .join(Service, Service.id == Appointment.service_id)
        .join(
            AppointmentTherapist,
            and_(AppointmentTherapist.appointment_id == Appointment.id, AppointmentTherapist.part == Lead.LEAD),
        )
        .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
        .where(Client.erased_at.is_(None))
    )  # fmt: skip
