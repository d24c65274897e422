"""What clients say of themselves on the day: "I'm here", "Running late", and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.arriving import LATE_BY, may_say_here, may_say_late, may_take_back
from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentStatus, Attendance, AttendanceStatus
from practice.queries.appointments import resources_of
from practice.services import audit, ledger
from practice.services.attending import mark_attendance


@dataclass(frozen=True, slots=True)
class _Place:
    status: str
    status_at: datetime
    said_at: datetime | None
    starts_at: datetime
    ends_at: datetime


def say_here(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Note that the client of a place is here; said twice it counts once. Raises NotFound or ImpossibleStep."""
    place = _locked(session, public_id)
    if place.status == AttendanceStatus.ARRIVED:
        return
    if not may_say_here(place.status, place.starts_at, place.ends_at, now):
        raise ImpossibleStep
    mark_attendance(session, public_id, AttendanceStatus.ARRIVED, by=by, now=now)
    _say(session, public_id, now)


def take_back_here(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Take back that the client said they are here; what the desk noted stays. Raises NotFound or ImpossibleStep."""
    place = _locked(session, public_id)
    if place.status == AttendanceStatus.BOOKED:
        return
    if not may_take_back(place.status, place.status_at, place.said_at, place.ends_at, now):
        raise ImpossibleStep
    mark_attendance(session, public_id, AttendanceStatus.BOOKED, by=by, now=now)
    _say(session, public_id, now)


def say_late(session: Session, public_id: str, minutes: int, *, by: Identity, now: datetime) -> None:
    """Note how late the client of a place will be; 0 is on time after all. Raises NotFound or ImpossibleStep."""
    place = _locked(session, public_id)
    if minutes not in (0, *LATE_BY) or not may_say_late(place.status, place.starts_at, place.ends_at, now):
        raise ImpossibleStep
    _say(session, public_id, now, late_minutes=minutes or None)
    audit.record(session, "attendance.said_late", by=by, now=now, subject=("attendance", public_id), minutes=minutes)


def _locked(session: Session, public_id: str) -> _Place:
    wanted = (
        select(
            Attendance.status,
            Attendance.status_at,
            Attendance.said_at,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.status,
            Appointment.id,
        )
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.public_id == public_id)
    )
    seen = session.execute(wanted).one_or_none()
    if seen is None:
        raise NotFound
    ledger.lock(session, resources_of(session, seen[6]))
    found = session.execute(wanted).one()
    if found[5] != AppointmentStatus.BOOKED:
        raise ImpossibleStep
    return _Place(found[0], found[1], found[2], found[3], found[4])


def _say(session: Session, public_id: str, now: datetime, **values: int | None) -> None:
    session.execute(update(Attendance).where(Attendance.public_id == public_id).values(said_at=now, **values))
