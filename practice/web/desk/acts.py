"""What the desk can do with a session beyond noting how it went: the fee, a cancellation, a move."""

from datetime import datetime

from practice.domain.lifecycle import OPEN
from practice.domain.policy import cancellation
from practice.models import Appointment, AppointmentStatus, Attendance, ServiceKind
from practice.queries.practice import PracticeFacts
from practice.web.cancel_words import terms_for
from practice.web.presenting import format_money
from practice.web.sessions_shown import Step


def is_movable(appointment: Appointment, now: datetime) -> bool:
    """Whether a session can be moved: a group's date is not, nor what has begun or is cancelled."""
    is_open = appointment.status == AppointmentStatus.BOOKED and appointment.starts_at > now
    return is_open and appointment.service.kind != ServiceKind.GROUP


def more_steps(
    attendance: Attendance, appointment: Appointment, facts: PracticeFacts, now: datetime
) -> tuple[Step, ...]:
    """Return the rest of what can be noted of a place: each says what it means before it is pressed."""
    steps = []
    if attendance.fee_noted_at is not None:
        steps.append(Step("Fee not noted", "fee_open"))
    elif attendance.fee_waived_at is None and (attendance.fee_cents or attendance.late_fee_cents):
        steps.append(Step("Fee noted", "fee_noted"))
    if appointment.status == AppointmentStatus.BOOKED and attendance.status in OPEN:
        if appointment.starts_at > now and attendance.status == "booked":
            steps.append(Step(f"Client cancels ({_cost(attendance, appointment, facts, now)})", "cancelled"))
        steps.append(Step("We cancel (free)", "cancelled_by_practice"))
    return tuple(steps)


def _cost(attendance: Attendance, appointment: Appointment, facts: PracticeFacts, now: datetime) -> str:
    terms = terms_for(facts, appointment.service.kind, attendance.client, late_since=attendance.moved_late_at)
    found = cancellation(appointment.starts_at, terms, now=now)
    return f"fee {format_money(found.late_fee_cents, facts.currency)}" if found.late_fee_cents else "free"
