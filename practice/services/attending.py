"""What the desk notes of the day: arrived, completed, did not come, and back again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import step
from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentStatus, Attendance
from practice.queries.appointments import resources_of
from practice.services import audit, ledger


def mark_attendance(session: Session, public_id: str, status: str, *, by: Identity, now: datetime) -> str:
    """Note that a client arrived, completed the session, did not come, or (undo) is booked as before.

    Returns the status before, so that the step can be taken back. A no-show is only noted once the session has begun.
    Raises NotFound or ImpossibleStep.
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
    too_early = status in ("no_show", "completed") and now < starts_at
    if appointment_status != AppointmentStatus.BOOKED or too_early or status.endswith("cancelled"):
        raise ImpossibleStep
    session.execute(
        update(Attendance).where(Attendance.id == attendance_id).values(status=step(before, status), status_at=now)
    )
    audit.record(session, f"attendance.{status}", by=by, now=now, subject=("attendance", public_id))
    return str(before)
