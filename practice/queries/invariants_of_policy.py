"""What must hold of requests, of what is put to therapists, and of fees: more invariants of ``check``."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from practice.domain.lifecycle import LIVE
from practice.models import Appointment, Attendance, Decision, DecisionKind

REQUESTED = Appointment.status == "requested"


def of_policy() -> Iterator[tuple[str, str, Select[int]]]:
    """Yield a sentence, whose ids are found, and the statement that finds those for which it is true."""
    for sentence, condition in _requests():
        yield sentence, "appointment", select(Appointment.id).where(condition)
    for sentence, condition in _decisions():
        yield sentence, "decision", select(Decision.id).where(condition)
    for sentence, condition in _fees():
        yield sentence, "attendance", select(Attendance.id).where(condition)


def _requests() -> Iterator[tuple[str, ColumnElement[bool]]]:
    seated = exists().where(Attendance.appointment_id == Appointment.id, Attendance.status.in_(LIVE))
    asked = exists().where(
        Decision.appointment_id == Appointment.id, Decision.kind == DecisionKind.REQUEST, Decision.decided_at.is_(None)
    )
    has_answer_by = Appointment.answer_by.is_not(None)
    yield "A request has no time by which it is answered", and_(REQUESTED, ~has_answer_by)
    yield "What is no request waits for an answer", and_(Appointment.status.in_(("held", "booked")), has_answer_by)
    yield "A request is answered after it begins", Appointment.answer_by > Appointment.starts_at
    yield "A request is for nobody", and_(REQUESTED, ~seated)
    yield "A request is not put to a therapist, or is still put to one after its answer", asked != REQUESTED


def _decisions() -> Iterator[tuple[str, ColumnElement[bool]]]:
    is_open = Decision.decided_at.is_(None)
    yield "A decision and its outcome disagree", is_open != (Decision.outcome == "")
    yield "A decision was made before it was asked for", Decision.decided_at < Decision.created_at


def _fees() -> Iterator[tuple[str, ColumnElement[bool]]]:
    is_waived = Attendance.fee_waived_at.is_not(None)
    yield "A fee is waived where none is due", and_(is_waived, Attendance.status != "late_cancelled")
    yield (
        "A waived fee lacks its reason, or a reason its waiver",
        or_(
            is_waived != Attendance.waive_reason_sealed.is_not(None),
            and_(~is_waived, Attendance.fee_waived_by.is_not(None)),
        ),
    )
    yield (
        "A late fee is noted where nothing was cancelled late",
        and_(Attendance.late_fee_cents.is_not(None), Attendance.status != "late_cancelled"),
    )
