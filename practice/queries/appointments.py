"""Appointments, with all that a page, a message or a feed shows of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from practice.domain.lifecycle import LIVE
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    Client,
    Lead,
    Room,
    Series,
    Service,
    ServiceKind,
    Therapist,
)

SHOWN = (AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED)
KEPT = (AppointmentStatus.REQUESTED, AppointmentStatus.BOOKED)
# What pages show: requests too. Calendars are told of none.
ON_PAGES = (*KEPT, AppointmentStatus.CANCELLED)


def whole() -> Select[Appointment]:
    """Return the statement that loads appointments with all that is shown of them."""
    return select(Appointment).options(
        joinedload(Appointment.service),
        joinedload(Appointment.location),
        joinedload(Appointment.room),
        joinedload(Appointment.series),
        selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
        selectinload(Appointment.attendances).joinedload(Attendance.client),
    )


def appointment_by_public_id(session: Session, public_id: str) -> Appointment | None:
    """Return one appointment that was booked or asked for, cancelled ones included, or None."""
    return session.scalars(
        whole().where(Appointment.public_id == public_id, Appointment.status.in_(ON_PAGES))
    ).one_or_none()


def appointments_by_id(session: Session, ids: Collection[int]) -> Sequence[Appointment]:
    """Return appointments in whatever state they are, in order of time."""
    wanted = whole().where(Appointment.id.in_(ids))
    return session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()


def appointment_at(session: Session, service_id: int, therapist_id: int, starts_at: datetime) -> Appointment | None:
    """Return the session of a service that a therapist leads and that starts then, where it is booked, or None."""
    leads = exists().where(
        AppointmentTherapist.appointment_id == Appointment.id,
        AppointmentTherapist.therapist_id == therapist_id,
        AppointmentTherapist.part == Lead.LEAD,
    )
    return session.scalars(
        whole()
        .where(
            Appointment.service_id == service_id,
            Appointment.starts_at == starts_at,
            Appointment.status == AppointmentStatus.BOOKED,
            leads,
        )
        .order_by(Appointment.id)
        .limit(1)
    ).one_or_none()


def appointments_between(
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    *,
    therapist_ids: Collection[int] | None = None,
    with_cancelled: bool = False,
) -> Sequence[Appointment]:
    """Return the appointments that start between two instants, of all therapists or of some, in order of time."""
    wanted = whole().where(
        Appointment.starts_at >= starts_at,
        Appointment.starts_at < ends_at,
        Appointment.status.in_(ON_PAGES if with_cancelled else KEPT),
    )
    if therapist_ids is not None:
        wanted = wanted.where(
            exists().where(
                AppointmentTherapist.appointment_id == Appointment.id,
                AppointmentTherapist.therapist_id.in_(therapist_ids),
            )
        )
    return session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()


def appointments_of_day(session: Session, starts_at: datetime, ends_at: datetime) -> Sequence[Appointment]:
    """Return the appointments that start between two instants, cancelled ones too, in order: all in one statement."""
    wanted = (
        select(Appointment)
        .options(
            joinedload(Appointment.service),
            joinedload(Appointment.location),
            joinedload(Appointment.room),
            joinedload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
            joinedload(Appointment.attendances).joinedload(Attendance.client),
        )
        .where(Appointment.starts_at >= starts_at, Appointment.starts_at < ends_at, Appointment.status.in_(ON_PAGES))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return session.scalars(wanted).unique().all()


def dates_of_groups(session: Session, now: datetime, *, limit: int = 200) -> Sequence[Appointment]:
    """Return the groups' dates that come, in order."""
    coming = (
        whole()
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Service.kind == ServiceKind.GROUP, Appointment.status == AppointmentStatus.BOOKED, Appointment.ends_at > now
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(limit)
    )
    return session.scalars(coming).all()


def attendances_of(
    session: Session,
    client_ids: Collection[int],
    *,
    now: datetime,
    is_past: bool = False,
    page: int = 1,
    per_page: int = 20,
) -> Sequence[Attendance]:
    """Return a page of the clients' places: those still to come, soonest first, or past and cancelled, latest first.

    Of a series only the next one is still to come, and what was cancelled because the series moved is left out.

    One more row than ``per_page`` is asked for, so that the caller knows whether there is another page.
    """
    is_kept = and_(Appointment.status.in_(KEPT), Attendance.status.in_(LIVE))
    if is_past:
        when = and_(or_(Appointment.ends_at <= now, not_(is_kept)), not_(_has_moved_on()))
    else:
        when = and_(Appointment.ends_at > now, is_kept, not_(_is_later(now)))
    order = Appointment.starts_at.desc() if is_past else Appointment.starts_at
    return session.scalars(
        whole_places()
        .where(Attendance.client_id.in_(client_ids), Appointment.status.in_(ON_PAGES), when)
        .order_by(order, Attendance.id)
        .limit(per_page + 1)
        .offset((page - 1) * per_page)
    ).all()


def whole_places() -> Select[Attendance]:
    """Return a statement for places with their client, and with their session as a client reads it."""
    return (
        select(Attendance)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .options(
            joinedload(Attendance.client),
            joinedload(Attendance.appointment).options(
                joinedload(Appointment.service),
                joinedload(Appointment.location),
                joinedload(Appointment.room),
                joinedload(Appointment.series),
                selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
            ),
        )
    )


def _is_later(now: datetime) -> ColumnElement[bool]:
    """Whether the same client comes to an earlier session of the same series that is still to come."""
    other, place = aliased(Appointment), aliased(Attendance)
    return exists().where(
        other.series_id == Appointment.series_id,
        other.status == AppointmentStatus.BOOKED,
        other.ends_at > now,
        other.starts_at < Appointment.starts_at,
        place.appointment_id == other.id,
        place.client_id == Attendance.client_id,
        place.status.in_(LIVE),
    )


def _has_moved_on() -> ColumnElement[bool]:
    """Whether a session was cancelled because the rest of its series has another time."""
    after = aliased(Series)
    return exists().where(after.follows_id == Appointment.series_id, after.created_at == Appointment.cancelled_at)


def attendance_by_public_id(session: Session, public_id: str) -> Attendance | None:
    """Return one client's place with its appointment, or None."""
    return session.scalars(
        select(Attendance)
        .where(Attendance.public_id == public_id)
        .options(
            joinedload(Attendance.client),
            joinedload(Attendance.appointment).options(
                joinedload(Appointment.service),
                joinedload(Appointment.location),
                joinedload(Appointment.room),
                joinedload(Appointment.series),
                selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
                selectinload(Appointment.attendances).joinedload(Attendance.client),
            ),
        )
    ).one_or_none()


def resources_of(session: Session, appointment_id: int) -> set[int]:
    """Return the ids of every therapist, room and client that is part of an appointment."""
    therapists = (
        select(Therapist.resource_id)
        .join(AppointmentTherapist, AppointmentTherapist.therapist_id == Therapist.id)
        .where(AppointmentTherapist.appointment_id == appointment_id)
    )
    clients = (
        select(Client.resource_id)
        .join(Attendance, Attendance.client_id == Client.id)
        .where(Attendance.appointment_id == appointment_id)
    )
    rooms = (
        select(Room.resource_id)
        .join(Appointment, Appointment.room_id == Room.id)
        .where(Appointment.id == appointment_id)
    )
    return set(session.scalars(therapists.union(clients, rooms)))
