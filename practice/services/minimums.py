"""A group's date with too few people: some time before, its lead is asked whether it takes place.

Nobody need answer: half way from the question to the start, what the practice set for the group happens by itself.
Where enough people have come meanwhile, the question does not arise any more.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep
from practice.domain.permissions import SYSTEM, Identity
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Decision,
    DecisionKind,
    Lead,
)
from practice.queries.minimums import coming, no_question_any_more, too_few_now
from practice.services import decisions
from practice.services.cancelling import cancel_appointment
from practice.services.decisions import Matter

TOO_FEW = "too_few"
BATCH = 50


def ask_leads(session: Session, now: datetime) -> int:
    """Put the dates with too few people to their leads, and take questions back that do not arise any more.

    At most 50 of each. Returns how many there were.
    """
    gone = session.scalars(
        select(Decision.appointment_id).where(no_question_any_more(now)).order_by(Decision.id).limit(BATCH)
    ).all()
    ids = [one for one in gone if one is not None]
    decisions.close_about(session, DecisionKind.MINIMUM, ids, "lapse", by=SYSTEM, now=now)
    few = session.execute(
        select(Appointment.id, Appointment.starts_at, AppointmentTherapist.therapist_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(too_few_now(now), AppointmentTherapist.part == Lead.LEAD)
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(BATCH)
    ).all()
    for appointment_id, starts_at, therapist_id in few:
        due_at = now + (starts_at - now) / 2
        matter = Matter(DecisionKind.MINIMUM, therapist_id, appointment_id, code=TOO_FEW, due_at=due_at)
        decisions.put(session, matter, by=SYSTEM, now=now)
    return len(gone) + len(few)


def let_go_on(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Let a date take place with the people there are; nobody need be told. Raises ImpossibleStep."""
    del choice, by
    date = session.get_one(Appointment, decision.appointment_id or 0, populate_existing=True)
    if date.status != AppointmentStatus.BOOKED or date.starts_at <= now:
        raise ImpossibleStep


def cancel_date(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Cancel a date with too few people; it costs nobody anything, and all who come are told. Raises ImpossibleStep."""
    del choice
    date = session.get_one(Appointment, decision.appointment_id or 0)
    cancel_appointment(session, date.public_id, by=by, now=now, by_practice=True)


def let_lapse(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Do nothing: the question does not arise any more."""
    del session, decision, choice, by, now


def by_itself(session: Session, decision: Decision) -> str:
    """Return what happens where nobody decides: what the practice set, or nothing where enough people come by now."""
    date = session.get_one(Appointment, decision.appointment_id or 0, populate_existing=True)
    come = session.scalar(select(coming()).where(Appointment.id == date.id)) or 0
    is_settled = date.status != AppointmentStatus.BOOKED or come >= date.minimum
    return "lapse" if is_settled else str(date.below_minimum)
