"""Courses of groups: what they are, their dates, and how many places each has left."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import LIVE
from practice.models import (
    Appointment,
    AppointmentStatus,
    Attendance,
    Course,
    Hold,
    Service,
)
from practice.queries.appointments import whole, whole_places


@dataclass(frozen=True, slots=True)
class CourseDates:
    """A course with its service and all its dates in order, loaded whole."""

    course: Course
    service: Service
    dates: Sequence[Appointment]

    def coming(self, now: datetime) -> list[Appointment]:
        """Return the dates that are still to come and take place."""
        return [date for date in self.dates if date.status == AppointmentStatus.BOOKED and date.starts_at > now]


def course_by_public_id(session: Session, public_id: str) -> CourseDates | None:
    """Return a course with its dates, cancelled ones too, or None. A handful of statements, however many dates."""
    row = session.execute(
        select(Course, Service).join(Service, Service.id == Course.service_id).where(Course.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    return CourseDates(row[0], row[1], _dates(session, [row[0].id])[row[0].id])


def courses_to_come(
    session: Session, now: datetime, *, service_ids: Collection[int] | None = None
) -> list[CourseDates]:
    """Return the courses, of all groups or of some, that have a date to come; the one that begins next first."""
    wanted = (
        select(Course, Service)
        .join(Service, Service.id == Course.service_id)
        .join(Appointment, Appointment.course_id == Course.id)
        .where(
            Course.cancelled_at.is_(None),
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
        )
        .group_by(Course.id, Service.id)
        .order_by(func.min(Appointment.starts_at), Course.id)
    )
    if service_ids is not None:
        wanted = wanted.where(Course.service_id.in_(service_ids))
    rows = session.execute(wanted).all()
    dates = _dates(session, [row[0].id for row in rows])
    return [CourseDates(row[0], row[1], dates[row[0].id]) for row in rows]


def _dates(session: Session, course_ids: Collection[int]) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = defaultdict(list)
    wanted = whole().where(
        Appointment.course_id.in_(course_ids),
        Appointment.status.in_((AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED)),
    )
    for date in session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)) if course_ids else ():
        found[date.course_id or 0].append(date)
    return found


def ended_places(session: Session, appointment_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return how many places of each date only holds keep that have ended: they are free again."""
    rows = session.execute(
        select(Hold.appointment_id, func.sum(Hold.places))
        .where(Hold.appointment_id.in_(appointment_ids), Hold.held_until <= now)
        .group_by(Hold.appointment_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def dates_of_client(session: Session, appointment_ids: Collection[int], client_ids: Collection[int]) -> set[int]:
    """Return those of the dates in which one of the clients has a place."""
    return set(
        session.scalars(
            select(Attendance.appointment_id).where(
                Attendance.appointment_id.in_(appointment_ids),
                Attendance.client_id.in_(client_ids),
                Attendance.status.in_(LIVE),
            )
        )
    )


def course_of_place(session: Session, course_id: int | None) -> Course | None:
    """Return the course that a date is part of, or None."""
    return None if course_id is None else session.get(Course, course_id)


def places_in_course(session: Session, course_id: int, client_id: int) -> Sequence[Attendance]:
    """Return a client's places in a course, with their dates, in order; nothing of anybody else's."""
    return session.scalars(
        whole_places()
        .where(Appointment.course_id == course_id, Attendance.client_id == client_id)
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
