"""One therapist's sessions for their own pages: plain rows, because a week of them is read at every look."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import GIVEN_UP
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    Client,
    Hold,
    Location,
    Room,
    Service,
)

SHOWN = (AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED, AppointmentStatus.REQUESTED)


class DiarySeat(NamedTuple):
    """One client's place: ``name`` is what the client is called, ``late_minutes`` what they said themselves."""

    public_id: str
    name: str
    status: str
    late_minutes: int | None


class DiaryEntry(NamedTuple):
    """One session, cancelled ones and times that are held for somebody included."""

    public_id: str
    status: str
    starts_at: datetime
    ends_at: datetime
    kind: str
    service: str
    place: str | None
    room: str | None
    capacity: int
    places_taken: int
    seats: tuple[DiarySeat, ...] = ()


def diary_between(
    session: Session, therapist_id: int, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> list[DiaryEntry]:
    """Return the sessions of a therapist that start between two instants, in order of time. One statement."""
    is_held = exists().where(Hold.appointment_id == Appointment.id, Hold.held_until > now)
    rows = session.connection().execute(
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.status,
            Appointment.starts_at,
            Appointment.ends_at,
            Service.kind,
            Service.name,
            Location.name,
            Room.name,
            Appointment.capacity,
            Appointment.places_taken,
            Attendance.public_id,
            func.coalesce(func.nullif(Client.chosen_name, ""), Client.name),
            Attendance.status,
            Attendance.late_minutes,
        )
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .join(Service, Service.id == Appointment.service_id)
        .outerjoin(Location, Location.id == Appointment.location_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .outerjoin(Attendance, Attendance.appointment_id == Appointment.id)
        .outerjoin(Client, Client.id == Attendance.client_id)
        .where(
            AppointmentTherapist.therapist_id == therapist_id,
            Appointment.starts_at >= starts_at,
            Appointment.starts_at < ends_at,
            or_(Appointment.status.in_(SHOWN), and_(Appointment.status == AppointmentStatus.HELD, is_held)),
        )
        .order_by(Appointment.starts_at, Appointment.id, Attendance.id)
    )
    return [_entry(list(found)) for _, found in groupby(rows, lambda row: row[0])]


def _entry(rows: Sequence[Sequence[Any]]) -> DiaryEntry:
    seats = tuple(DiarySeat(*row[11:]) for row in rows if row[11] is not None)
    return DiaryEntry(*rows[0][1:11])._replace(seats=seats)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session with somebody, before or after another."""

    public_id: str
    starts_at: datetime
    service: str
    status: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Together:
    """What a therapist and some clients had before, latest first, what comes, soonest first, and how often they met."""

    before: Sequence[Meeting] = ()
    after: Sequence[Meeting] = ()
    met: int = field(default=0)


def meetings_with(
    session: Session, therapist_id: int, client_ids: Collection[int], around: Appointment, *, limit: int = 5
) -> Together:
    """Return the sessions that a therapist has with any of the clients around one of them. Three statements."""
    wanted = (
        select(
            Appointment.public_id, Appointment.starts_at, Service.name, func.min(Attendance.status), Appointment.ends_at
        )
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .join(Service, Service.id == Appointment.service_id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(
            AppointmentTherapist.therapist_id == therapist_id,
            Attendance.client_id.in_(client_ids),
            Appointment.status.in_(SHOWN),
            Appointment.id != around.id,
        )
        .group_by(Appointment.id, Service.name)
        .limit(limit)
    )
    earlier = wanted.where(Appointment.starts_at < around.starts_at).order_by(Appointment.starts_at.desc())
    later = wanted.where(
        Appointment.starts_at >= around.starts_at,
        Appointment.status == AppointmentStatus.BOOKED,
        Attendance.status.not_in(GIVEN_UP),
    ).order_by(Appointment.starts_at)
    met = (
        select(func.count(Appointment.id.distinct()))
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(
            AppointmentTherapist.therapist_id == therapist_id,
            Attendance.client_id.in_(client_ids),
            Attendance.status == "completed",
            Appointment.starts_at < around.starts_at,
        )
    )
    return Together(
        [Meeting(*row) for row in session.execute(earlier)],
        [Meeting(*row) for row in session.execute(later)],
        session.scalar(met) or 0,
    )


def is_led_by(session: Session, attendance: str, therapist_id: int) -> bool:
    """Whether a place (its public id) is in a session that a therapist leads or co-leads."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Attendance.public_id == attendance,
                    AppointmentTherapist.appointment_id == Attendance.appointment_id,
                    AppointmentTherapist.therapist_id == therapist_id,
                )
            )
        )
    )
