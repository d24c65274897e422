"""Requests for a session: the time is kept in full until the therapist answers, or the time to answer is over."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.lifecycle import APPOINTMENT, LIVE, Actor, Moment, take
from practice.domain.permissions import SYSTEM, Identity
from practice.models import Appointment, AppointmentStatus, Attendance, AttendanceStatus, Decision, DecisionKind, Room
from practice.queries.appointments import resources_of
from practice.queries.parties import attending
from practice.queries.practice import date_at, the_practice
from practice.services import audit, decisions, estimates, ledger, notices
from practice.services.decisions import Matter
from practice.services.standing import actors

# Why a request is declined, as the therapist chooses it; the mail to the client has a sentence for each.
DECLINE_CODES = ("time", "fit", "talk", "full")


def answer_by(starts_at: datetime, answer_hours: int, now: datetime) -> datetime:
    """Return until when a request is answered: some hours from now, and never later than the session begins."""
    return min(now + timedelta(hours=answer_hours), starts_at)


def due_for(session: Session, starts_at: datetime, who: Collection[Actor], now: datetime) -> datetime | None:
    """Return until when the therapist answers whoever books in these capacities, or None where nobody is asked."""
    if not {Actor.DESK, Actor.THERAPIST, Actor.WORKER}.isdisjoint(who):
        return None
    return answer_by(starts_at, the_practice(session).answer_hours, now)


def ask(
    session: Session, appointment_id: int, therapist_id: int, due_at: datetime, *, by: Identity, now: datetime
) -> None:
    """Put a request to its therapist."""
    matter = Matter(DecisionKind.REQUEST, therapist_id, appointment_id, due_at=due_at)
    decisions.put(session, matter, by=by, now=now)


def accept(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Book what was asked for, and tell the client. Raises ImpossibleStep."""
    del choice
    row = _locked(session, decision.appointment_id or 0)
    moment = Moment(now, row.starts_at, row.answer_by)
    take(APPOINTMENT, row.status, AppointmentStatus.BOOKED, actors(session, by, row.id), moment, name="accept")
    told = attending(session, row.id, LIVE, date_at(the_practice(session), now))
    row.status, row.answer_by, row.revised_at = AppointmentStatus.BOOKED, None, now
    session.flush()
    audit.record(session, "appointment.accepted", by=by, now=now, subject=("appointment", row.public_id))
    notices.tell(session, "accepted", row.public_id, told, now=now)
    estimates.fall_due(session, [row.id], [party.id for party in told], now=now)


def decline(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Give the time back, and tell the client, with the sentence of ``choice`` where there is one."""
    if choice not in ("", *DECLINE_CODES):
        raise NotFound
    _decline(session, _locked(session, decision.appointment_id or 0), choice, by=by, now=now)


def _decline(session: Session, row: Appointment, choice: str, *, by: Identity, now: datetime) -> None:
    who, moment = actors(session, by, row.id), Moment(now, row.starts_at, row.answer_by)
    take(APPOINTMENT, row.status, AppointmentStatus.CANCELLED, who, moment, name="decline")
    _end(session, [row], AttendanceStatus.CANCELLED_BY_PRACTICE, "declined", by=by, now=now, reason=choice)


def let_lapse(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Give back the time of a request that was not answered in time. It may have lapsed by then already."""
    del choice, by
    _locked(session, decision.appointment_id or 0)
    lapse(session, [decision.appointment_id or 0], now)


def lapse(session: Session, appointment_ids: Collection[int], now: datetime) -> None:
    """End those of the appointments that are requests whose time to answer is over, and tell their clients.

    Whoever needs the time does it as the worker would, under the locks of what they need themselves.
    """
    is_over = Appointment.answer_by <= now
    rows = _requests(session, Appointment.id.in_(appointment_ids) & is_over)
    for row in rows:
        moment = Moment(now, row.starts_at, row.answer_by)
        take(APPOINTMENT, row.status, AppointmentStatus.CANCELLED, {Actor.WORKER}, moment, name="lapse")
    _end(session, rows, AttendanceStatus.CANCELLED_BY_PRACTICE, "lapsed", by=SYSTEM, now=now)
    ids = [row.id for row in rows]
    decisions.close_about(session, DecisionKind.REQUEST, ids, "lapse", by=SYSTEM, now=now)


def take_back(session: Session, appointment_id: int, *, by: Identity, now: datetime, by_practice: bool) -> None:
    """End a request where an appointment would be cancelled: by the practice it is declined, else it is withdrawn.

    Withdrawing is free of charge, and nobody needs to be told of it. Raises ImpossibleStep.
    """
    row = _locked(session, appointment_id)
    if by_practice:
        _decline(session, row, "", by=by, now=now)
    else:
        who, moment = actors(session, by, row.id), Moment(now, row.starts_at, row.answer_by)
        take(APPOINTMENT, row.status, AppointmentStatus.CANCELLED, who, moment, name="withdraw")
        _end(session, [row], AttendanceStatus.CANCELLED, "", by=by, now=now)
    outcome = "decline" if by_practice else "withdraw"
    decisions.close_about(session, DecisionKind.REQUEST, [row.id], outcome, by=by, now=now)


def _locked(session: Session, appointment_id: int) -> Appointment:
    """Lock all that the appointment keeps busy, and return it as it is then."""
    room = select(Room.resource_id).join(Appointment, Appointment.room_id == Room.id)
    rooms = session.scalars(room.where(Appointment.id == appointment_id))
    ledger.lock(session, [*resources_of(session, appointment_id), *rooms])
    wanted = select(Appointment).where(Appointment.id == appointment_id).execution_options(populate_existing=True)
    return session.scalars(wanted.with_for_update()).one()


def _requests(session: Session, which: ColumnElement[bool]) -> Sequence[Appointment]:
    """Return requests, locked in one order, so that two who need the time of several never wait for each other."""
    wanted = select(Appointment).where(which, Appointment.status == AppointmentStatus.REQUESTED)
    fresh = wanted.order_by(Appointment.id).execution_options(populate_existing=True)
    return session.scalars(fresh.with_for_update()).all()


def _end(
    session: Session,
    rows: Sequence[Appointment],
    place: AttendanceStatus,
    template: str,
    *,
    by: Identity,
    now: datetime,
    reason: str = "",
) -> None:
    """Cancel requests: their time goes back, their places end as ``place``, and ``template`` tells who is in them."""
    today = date_at(the_practice(session), now) if rows else None
    for row in rows:
        told = attending(session, row.id, LIVE, today) if template and today else []
        row.status, row.places_taken, row.cancelled_at, row.revised_at = AppointmentStatus.CANCELLED, 0, now, now
        session.flush()
        session.execute(
            update(Attendance)
            .where(Attendance.appointment_id == row.id, Attendance.status.in_(LIVE))
            .values(status=place, status_at=now)
        )
        ledger.release(session, [row.id])
        subject = ("appointment", row.public_id)
        audit.record(session, f"appointment.{template or 'withdrawn'}", by=by, now=now, subject=subject)
        if told:
            notices.tell(session, template, row.public_id, told, now=now, reason=reason)
