"""Groups' dates with too few people, and questions about them that do not arise any more."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import aliased

from practice.domain.lifecycle import LIVE
from practice.models import Appointment, AppointmentStatus, Attendance, Decision, DecisionKind


def too_few_now(now: datetime) -> ColumnElement[bool]:
    """Whether a date has too few people, its time to be asked about has come, and nobody was asked or has decided."""
    asked = aliased(Decision)
    is_asked = exists().where(
        asked.appointment_id == Appointment.id, asked.kind == DecisionKind.MINIMUM, asked.outcome != "lapse"
    )
    return (
        (Appointment.decide_at <= now)
        & (Appointment.starts_at > now)
        & (Appointment.status == AppointmentStatus.BOOKED)
        & (coming() < Appointment.minimum)
        & ~is_asked
    )


def no_question_any_more(now: datetime) -> ColumnElement[bool]:
    """Whether an open question about a date does not arise any more: enough people come, or it does not take place."""
    return (
        (Decision.kind == DecisionKind.MINIMUM)
        & Decision.decided_at.is_(None)
        & exists().where(
            Appointment.id == Decision.appointment_id,
            (Appointment.status != AppointmentStatus.BOOKED)
            | (Appointment.starts_at <= now)
            | (coming() >= Appointment.minimum),
        )
    )


def coming() -> ScalarSelect[int]:
    """How many people have a place; whoever is about to take one is not counted."""
    return (
        select(func.count(Attendance.id))
        .where(Attendance.appointment_id == Appointment.id, Attendance.status.in_(LIVE))
        .correlate(Appointment)
        .scalar_subquery()
    )
