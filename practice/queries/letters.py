"""What a message tells of, read when it is written: nothing but when, where and with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import GIVEN_UP, LIVE
from practice.models import Appointment, Attendance, Client, ServiceKind
from practice.queries.appointments import appointment_by_public_id


@dataclass(frozen=True, slots=True)
class SessionTold:
    """An appointment as a message tells of it; ``place`` is empty online.

    ``attendance`` is the public id of the place that the message is about, or empty where it is about nobody's; what
    was agreed with its client stands beside it. ``answer_by`` is when a request is answered.
    ``dates`` are those of a course that it tells of: that are booked, or that were given up with it.
    """

    public_id: str
    attendance: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    therapist: str
    place: str
    address: str
    directions: str
    is_online: bool
    is_group: bool
    dates: tuple[datetime, ...] = ()
    answer_by: datetime | None = None
    kind: str = ""
    agreed_fee_cents: int | None = None
    no_late_fees: bool = False
    late_since: datetime | None = None


def told_of(session: Session, template: str, context: Mapping[str, Any], at: datetime) -> SessionTold | None:
    """Return the appointment that a message's context names, or None; ``at`` is when the message was posted."""
    public_id = context.get("appointment")
    found = appointment_by_public_id(session, public_id) if public_id else None
    if found is None:
        return None
    place = found.location
    of_client = [each for each in found.attendances if each.client.public_id == context.get("client")]
    theirs = of_client[0] if of_client else None
    return SessionTold(
        public_id=found.public_id,
        attendance=theirs.public_id if theirs else "",
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        zone=found.zone,
        therapist=found.lead.name,
        place=place.name if place else "",
        address=place.address if place else "",
        directions=place.directions if place else "",
        is_online=place is None,
        is_group=found.service.kind == ServiceKind.GROUP,
        dates=_dates(session, found.course_id, template, context, at) if found.course_id else (),
        answer_by=found.answer_by,
        kind=found.service.kind,
        agreed_fee_cents=theirs.client.agreed_fee_cents if theirs else None,
        no_late_fees=theirs.client.no_late_fees if theirs else False,
        late_since=theirs.moved_late_at if theirs else None,
    )


def _dates(
    session: Session, course_id: int, template: str, context: Mapping[str, Any], at: datetime
) -> tuple[datetime, ...]:
    """Return a client's dates of a course, where a message is about them: those given up with it, or all that come."""
    wanted = (
        select(Appointment.starts_at)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .join(Client, Client.id == Attendance.client_id)
        .where(Appointment.course_id == course_id, Client.public_id == context.get("client"))
        .order_by(Appointment.starts_at)
    )
    told = {
        "course_booked": and_(Attendance.status.in_(LIVE), Appointment.starts_at > at),
        "course_cancelled": and_(Attendance.status.in_(GIVEN_UP), Attendance.status_at == at),
    }
    return tuple(session.scalars(wanted.where(told[template]))) if template in told else ()
