"""A place in a whole course: in all its dates that can still be booked, or in none of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import OPEN, TOO_LATE, UNDO_FOR, When
from practice.domain.permissions import Identity
from practice.domain.policy import Cancellation
from practice.domain.rule_book import RuleBook
from practice.models import Appointment, AppointmentStatus, Attendance, AttendanceStatus, Client, Course, Hold
from practice.queries.appointments import resources_of
from practice.queries.parties import Party
from practice.queries.parties import parties as parties_of
from practice.queries.practice import date_at, the_practice
from practice.services import estimates, groups, ledger, notices, outbox
from practice.services.booking import Booked, Keep, add_hold, from_date, seat
from practice.services.cancelling import cancel_attendance
from practice.services.undoing import undo_cancelled_place


def hold_course(
    session: Session,
    rules: RuleBook,
    course: str,
    parties: Sequence[Party] = (),
    *,
    by: Identity,
    now: datetime,
    keep: Keep,
) -> tuple[Hold, list[Booked]]:
    """Keep places in every date of a course (a public id): one hold, and one under it for each further date.

    ``parties`` are those it is for, where they are known: dates that they come to already are left out. Raises what
    ``groups.take_course`` raises.
    """
    booked = _take(session, rules, course, keep.places, parties, by=by, now=now)
    parent = add_hold(session, booked[0], keep, by=by, now=now)
    for one in booked[1:]:
        add_hold(session, one, keep, by=by, now=now, parent=parent)
    return parent, booked


def book_course(
    session: Session, rules: RuleBook, course: str, parties: Sequence[Party], *, by: Identity, now: datetime
) -> list[Booked]:
    """Book a place in every date of a course for each of ``parties``; one message tells of all of them."""
    booked = _take(session, rules, course, len(parties), parties, by=by, now=now)
    seated = [seat(session, one, parties, (), by=by, now=now, tells=False) for one in booked]
    notices.tell(session, "course_booked", seated[0].public_id, parties, now=now)
    estimates.fall_due(session, [one.id for one in seated], [party.id for party in parties], now=now)
    return seated


def cancel_enrolment(
    session: Session, course: str, client: str, *, by: Identity, now: datetime, by_practice: bool = False
) -> list[Cancellation]:
    """Cancel a client's places in all dates of a course that are still to come (public ids), each as the policy says.

    One message tells of all of them. Raises NotFound, or ImpossibleStep where there is none.
    """
    wanted = (
        select(Attendance.public_id, Appointment.public_id, Attendance.client_id, Appointment.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Course, Course.id == Appointment.course_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(
            Course.public_id == course,
            Client.public_id == client,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
            Attendance.status.in_(OPEN),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    rows = session.execute(wanted).all()
    if not rows:
        raise ImpossibleStep
    ledger.lock(session, {one for row in rows for one in resources_of(session, row[3])})
    meanings = [
        cancel_attendance(session, row[0], by=by, now=now, by_practice=by_practice, tells=False) for row in rows
    ]
    told = parties_of(session, [rows[0].client_id], date_at(the_practice(session), now))
    notices.tell(session, "course_cancelled", rows[0][1], told, now=now, wait=UNDO_FOR)
    return meanings


def undo_enrolment(session: Session, course: str, client: str, *, by: Identity, now: datetime) -> int:
    """Take back that a client cancelled all dates of a course; returns how many are theirs again.

    For as long as the message has not gone out, and as a whole or not at all. Raises ImpossibleStep, or GroupFull and
    the other kinds of SlotTaken where a place has gone meanwhile.
    """
    rows = session.execute(
        select(Attendance.public_id, Attendance.status_at, Appointment.public_id, Appointment.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Course, Course.id == Appointment.course_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(
            Course.public_id == course,
            Client.public_id == client,
            Appointment.status == AppointmentStatus.BOOKED,
            Attendance.status.in_((AttendanceStatus.CANCELLED, AttendanceStatus.LATE_CANCELLED)),
            Attendance.status_at > now - UNDO_FOR,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    last = max((row.status_at for row in rows), default=None)
    rows = [row for row in rows if row.status_at == last]
    if last is None or not outbox.withdraw(session, "course_cancelled", rows[0][2], posted_at=last):
        raise ImpossibleStep(TOO_LATE[When.UNDO_TIME])
    ledger.lock(session, {one for row in rows for one in resources_of(session, row[3])})
    for row in rows:
        undo_cancelled_place(session, row[0], by=by, now=now)
    return len(rows)


def _take(
    session: Session,
    rules: RuleBook,
    course: str,
    places: int,
    parties: Sequence[Party],
    *,
    by: Identity,
    now: datetime,
) -> list[Booked]:
    resources = [party.resource_id for party in parties]
    leads = groups.leads_of_course(session, course, now)
    if not leads:
        raise NotFound
    ledger.lock(session, [*leads, *resources])
    clients = [party.id for party in parties]
    dates = groups.take_course(session, rules, course, places, clients=clients, resources=resources, by=by, now=now)
    return [from_date(date) for date in dates]
