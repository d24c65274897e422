"""Giving time back: a client's place, or a whole appointment.

Who chose e-mail is told a few minutes later, so that a slip can be undone before anybody reads of it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import LIVE, OPEN, UNDO_FOR, Cancellation, cancellation, step
from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentStatus, Attendance, Client, Practice, Service, ServiceKind
from practice.queries.appointments import resources_of
from practice.queries.parties import attending, parties
from practice.queries.practice import date_at, the_practice
from practice.services import audit, holds, ledger, notices


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    public_id: str
    status: str
    starts_at: datetime
    kind: str


def cancel_appointment(
    session: Session, public_id: str, *, by: Identity, now: datetime, by_practice: bool
) -> Cancellation:
    """Cancel an appointment for everybody in it; all its time goes back.

    By the practice it costs nobody anything; for the client it is free or late, as the policy says. Raises NotFound,
    or ImpossibleStep where it is cancelled already or has begun.
    """
    row = _locked(session, public_id)
    practice = the_practice(session)
    meaning = _meaning(practice, row.starts_at, now, by_practice=by_practice)
    told = attending(session, row.id, OPEN, date_at(practice, now))
    session.execute(
        update(Attendance)
        .where(Attendance.appointment_id == row.id, Attendance.status.in_(OPEN))
        .values(status=meaning.status, late_fee_cents=meaning.late_fee_cents, status_at=now)
    )
    _end(session, row, now)
    audit.record(session, "appointment.cancelled", by=by, now=now, subject=("appointment", row.public_id))
    notices.tell(session, "cancelled", row.public_id, told, now=now, wait=UNDO_FOR)
    return meaning


def cancel_attendance(
    session: Session, public_id: str, *, by: Identity, now: datetime, by_practice: bool = False
) -> Cancellation:
    """Cancel one client's place. The appointment goes on for the others; without others it is cancelled.

    A group's date stays, with a place more. Raises NotFound or ImpossibleStep.
    """
    place = session.execute(
        select(Attendance.id, Attendance.client_id, Client.resource_id, Appointment.public_id)
        .join(Client, Client.id == Attendance.client_id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.public_id == public_id)
    ).one_or_none()
    if place is None:
        raise NotFound
    row = _locked(session, place.public_id)
    status = session.scalar(select(Attendance.status).where(Attendance.id == place.id)) or ""
    practice = the_practice(session)
    meaning = _meaning(practice, row.starts_at, now, by_practice=by_practice)
    session.execute(
        update(Attendance)
        .where(Attendance.id == place.id)
        .values(status=step(status, meaning.status), late_fee_cents=meaning.late_fee_cents, status_at=now)
    )
    ledger.release(session, [row.id], [place.resource_id])
    others = session.scalar(
        select(Attendance.id).where(Attendance.appointment_id == row.id, Attendance.status.in_(LIVE)).limit(1)
    )
    if others is None and row.kind != ServiceKind.GROUP:
        _end(session, row, now)
    else:
        session.execute(
            update(Appointment)
            .where(Appointment.id == row.id)
            .values(places_taken=Appointment.places_taken - 1, revised_at=now)
        )
    audit.record(session, "attendance.cancelled", by=by, now=now, subject=("attendance", public_id))
    told = parties(session, [place.client_id], date_at(practice, now))
    notices.tell(session, "cancelled", row.public_id, told, now=now, wait=UNDO_FOR)
    return meaning


def _locked(session: Session, public_id: str) -> _Row:
    """Lock everything that the appointment keeps busy, and return it as it is then."""
    wanted = (
        select(Appointment.id, Appointment.public_id, Appointment.status, Appointment.starts_at, Service.kind)
        .join(Service, Service.id == Appointment.service_id)
        .where(Appointment.public_id == public_id)
    )
    seen = session.execute(wanted).one_or_none()
    if seen is None or seen.status == AppointmentStatus.HELD:
        raise NotFound
    ledger.lock(session, resources_of(session, seen.id))
    row = _Row(*session.execute(wanted).one())
    if row.status != AppointmentStatus.BOOKED:
        raise ImpossibleStep
    return row


def _meaning(practice: Practice, starts_at: datetime, now: datetime, *, by_practice: bool) -> Cancellation:
    if starts_at <= now and not by_practice:
        raise ImpossibleStep
    return cancellation(
        starts_at,
        now=now,
        free_cancel_hours=practice.free_cancel_hours,
        late_fee_cents=practice.late_fee_cents,
        by_practice=by_practice,
    )


def _end(session: Session, row: _Row, now: datetime) -> None:
    ledger.release(session, [row.id])
    holds.drop(session, row.id)
    session.execute(
        update(Appointment)
        .where(Appointment.id == row.id)
        .values(
            status=AppointmentStatus.CANCELLED,
            places_taken=0,
            sequence=Appointment.sequence + 1,
            cancelled_at=now,
            revised_at=now,
        )
    )
