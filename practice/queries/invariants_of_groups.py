"""What must hold of groups' dates, courses and what is kept of them: more invariants of ``check``."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from practice.models import Agreement, Appointment, Consent, Course, Hold, Service, ServiceKind


def of_groups() -> Iterator[tuple[str, str, Select[int]]]:
    """Yield a sentence, whose ids are found, and the statement that finds those for which it is true."""
    for sentence, condition in _dates():
        yield sentence, "appointment", select(Appointment.id).join(Service).where(condition)
    for sentence, condition in _courses():
        yield sentence, "appointment", select(Appointment.id).join(Course).where(condition)
    parent = aliased(Hold)
    for sentence, condition in _holds(parent):
        yield sentence, "hold", select(Hold.id).join(parent, parent.id == Hold.parent_id).where(condition)
    consented = select(Consent.id).join(Agreement, Agreement.id == Consent.agreement_id)
    yield (
        "Somebody agreed to a text before it was published",
        "consent",
        consented.where(Consent.given_at < Agreement.published_at),
    )


def _dates() -> Iterator[tuple[str, ColumnElement[bool]]]:
    is_group = Service.kind == ServiceKind.GROUP
    has_minimum, is_asked = Appointment.minimum > 0, Appointment.decide_at.is_not(None)
    yield (
        "A session that is no group's date has a fewest number of people or a course",
        and_(~is_group, or_(has_minimum, is_asked, Appointment.course_id.is_not(None))),
    )
    yield "A date needs some people and has no time to ask about it, or the other way", has_minimum != is_asked
    yield "A date's lead is asked about it after it begins", Appointment.decide_at >= Appointment.starts_at


def _courses() -> Iterator[tuple[str, ColumnElement[bool]]]:
    yield "A date belongs to a course of another group", Appointment.service_id != Course.service_id
    yield (
        "A date of a cancelled course takes place",
        and_(Appointment.status == "booked", Appointment.starts_at > Course.cancelled_at),
    )


def _holds(parent: type[Hold]) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Yield what cannot be of a hold and the one that it goes with."""
    mine, theirs = aliased(Appointment), aliased(Appointment)
    same_course = exists().where(
        mine.id == Hold.appointment_id, theirs.id == parent.appointment_id, mine.course_id == theirs.course_id
    )
    yield "Two dates are held together and are not of one course", ~same_course
    yield (
        "Two dates that are held together are held differently",
        or_(
            Hold.held_until != parent.held_until,
            Hold.places != parent.places,
            Hold.purpose != parent.purpose,
            parent.parent_id.is_not(None),
        ),
    )
