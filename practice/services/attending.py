"""What the desk notes of the day: arrived, completed, did not come, the fee, and back again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import ATTENDANCE, GIVEN_UP, Moment, take
from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentStatus, Attendance
from practice.queries.appointments import resources_of
from practice.services import audit, ledger
from practice.services.standing import actors


def mark_attendance(
    session: Session, public_id: str, status: str, *, by: Identity, now: datetime, instead_of: str = ""
) -> str:
    """Note that a client arrived, completed the session, did not come, or (undo) is booked as before.

    Returns the status before, so that the step can be taken back; what is noted already stays as it is. With
    ``instead_of`` the step is only taken from that status: an undo takes back its own step and no other. A no-show is
    only noted once the session has begun. Raises NotFound or ImpossibleStep.
    """
    wanted = (
        select(Attendance.id, Attendance.status, Appointment.id, Appointment.status, Appointment.starts_at)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.public_id == public_id)
    )
    seen = session.execute(wanted).one_or_none()
    if seen is None:
        raise NotFound
    ledger.lock(session, resources_of(session, seen[2]))
    attendance_id, before, _, appointment_status, starts_at = session.execute(wanted).one()
    if appointment_status != AppointmentStatus.BOOKED or status in GIVEN_UP:
        raise ImpossibleStep
    if before == status:
        return str(before)
    if instead_of and before != instead_of:
        raise ImpossibleStep
    take(ATTENDANCE, before, status, actors(session, by, seen[2]), Moment(now, starts_at))
    session.execute(update(Attendance).where(Attendance.id == attendance_id).values(status=status, status_at=now))
    audit.record(session, f"attendance.{status}", by=by, now=now, subject=("attendance", public_id))
    return str(before)


def note_fee(session: Session, public_id: str, *, is_noted: bool, by: Identity, now: datetime) -> bool:
    """Note that a place's fee is in the practice's books, or that it is not. Returns whether that changed anything.

    Raises NotFound.
    """
    found = session.execute(
        select(Attendance.id, Attendance.fee_noted_at).where(Attendance.public_id == public_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    if (found.fee_noted_at is not None) == is_noted:
        return False
    session.execute(update(Attendance).where(Attendance.id == found.id).values(fee_noted_at=now if is_noted else None))
    action = "attendance.fee_noted" if is_noted else "attendance.fee_taken_back"
    audit.record(session, action, by=by, now=now, subject=("attendance", public_id))
    return True
