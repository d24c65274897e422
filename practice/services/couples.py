"""When one of two does not come: the session stays as it is, and what becomes of it is put to the therapist."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import UNDO_FOR
from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentTherapist, Decision, DecisionKind, Lead
from practice.queries.practice import the_practice
from practice.services import decisions, outbox
from practice.services.approving import answer_by
from practice.services.decisions import Matter

CANCELLED, DECLINED = "cancelled", "declined"


def ask_therapist(session: Session, appointment_id: int, code: str, *, by: Identity, now: datetime) -> None:
    """Ask what becomes of a session to which one of two does not come; ``code`` is why. It goes on where nobody says.

    The therapist is written to once the slip that it may have been cannot be undone any more.
    """
    therapist_id, starts_at = session.execute(
        select(AppointmentTherapist.therapist_id, Appointment.starts_at)
        .join(Appointment, Appointment.id == AppointmentTherapist.appointment_id)
        .where(Appointment.id == appointment_id, AppointmentTherapist.part == Lead.LEAD)
    ).one()
    matter = Matter(
        kind=DecisionKind.PARTNER,
        therapist_id=therapist_id,
        appointment_id=appointment_id,
        code=code,
        due_at=answer_by(starts_at, the_practice(session).answer_hours, now),
    )
    decisions.put(session, matter, by=by, now=now, wait=UNDO_FOR)


def ask_no_more(session: Session, appointment_id: int, outcome: str, *, by: Identity, now: datetime) -> None:
    """Take the question back, and what was to be written about it: both come after all, or nobody does."""
    asked = session.scalars(
        select(Decision.public_id).where(
            Decision.kind == DecisionKind.PARTNER,
            Decision.appointment_id == appointment_id,
            Decision.decided_at.is_(None),
        )
    ).all()
    if asked:
        decisions.close_about(session, DecisionKind.PARTNER, [appointment_id], outcome, by=by, now=now)
        outbox.withdraw_questions(session, asked)
