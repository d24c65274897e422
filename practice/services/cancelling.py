"""Giving time back: a client's place, or a whole appointment.

Who chose e-mail is told a few minutes later, so that a slip can be undone before anybody reads of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import APPOINTMENT, ATTENDANCE, LIVE, OPEN, UNDO_FOR, Actor, Moment, take
from practice.domain.permissions import Identity
from practice.domain.policy import Cancellation, cancellation, terms_of
from practice.models import Appointment, AppointmentStatus, Attendance, Client, Practice, Service, ServiceKind
from practice.queries.appointments import resources_of
from practice.queries.parties import attending, parties
from practice.queries.practice import date_at, the_practice
from practice.services import approving, audit, couples, holds, ledger, notices
from practice.services.standing import actors


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    public_id: str
    status: str
    starts_at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A client's place, and what was agreed with them."""

    id: int
    client_id: int
    status: str
    moved_late_at: datetime | None
    agreed_fee_cents: int | None
    no_late_fees: bool


def cancel_appointment(
    session: Session, public_id: str, *, by: Identity, now: datetime, by_practice: bool, tells: bool = True
) -> None:
    """Cancel an appointment for everybody in it; all its time goes back. Without ``tells`` the caller tells them.

    By the practice it costs nobody anything; for the clients it is free or late, as what was agreed with each of them
    says. Raises NotFound, or ImpossibleStep where it is cancelled already, has begun, or is not theirs alone.
    """
    row = _locked(session, public_id)
    if row.status == AppointmentStatus.REQUESTED:
        approving.take_back(session, row.id, by=by, now=now, by_practice=by_practice)
        return
    practice, open_places = the_practice(session), _places(session, Attendance.appointment_id == row.id)
    clients = {place.client_id for place in open_places}
    who = actors(session, by, row.id)
    if not clients <= by.books_for:  # one of several cannot speak for the others
        who -= {Actor.CLIENT, Actor.GUARDIAN}
    take(APPOINTMENT, row.status, AppointmentStatus.CANCELLED, who, Moment(now, row.starts_at))
    told = attending(session, row.id, OPEN, date_at(practice, now))
    for place in open_places:
        _give_up(session, practice, row, place, who, now=now, by_practice=by_practice)
    _end(session, row, by, now)
    audit.record(session, "appointment.cancelled", by=by, now=now, subject=("appointment", row.public_id))
    if tells:
        notices.tell(session, "cancelled", row.public_id, told, now=now, wait=UNDO_FOR)


def cancel_attendance(
    session: Session, public_id: str, *, by: Identity, now: datetime, by_practice: bool = False, tells: bool = True
) -> Cancellation:
    """Cancel one client's place. The appointment goes on for the others; without others it is cancelled.

    A group's date stays, with a place more. What becomes of a session for two to which one does not come is put to
    its therapist. A request is taken back for all who are in it. Raises NotFound or ImpossibleStep.
    """
    place = session.execute(
        select(Attendance.id, Attendance.client_id, Client.resource_id, Appointment.public_id)
        .join(Client, Client.id == Attendance.client_id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.public_id == public_id)
    ).one_or_none()
    if place is None:
        raise NotFound
    row = _locked(session, place.public_id)
    if row.status == AppointmentStatus.REQUESTED:
        approving.take_back(session, row.id, by=by, now=now, by_practice=by_practice)
        return Cancellation("cancelled_by_practice" if by_practice else "cancelled", None, row.starts_at)
    practice, who = the_practice(session), actors(session, by, row.id, client_id=place.client_id)
    (seat,) = _places(session, Attendance.id == place.id, statuses=None)
    meaning = _give_up(session, practice, row, seat, who, now=now, by_practice=by_practice)
    ledger.release(session, [row.id], [place.resource_id])
    others = session.scalar(
        select(Attendance.id).where(Attendance.appointment_id == row.id, Attendance.status.in_(LIVE)).limit(1)
    )
    if others is None and row.kind != ServiceKind.GROUP:
        _end(session, row, by, now)
    else:
        session.execute(
            update(Appointment)
            .where(Appointment.id == row.id)
            .values(places_taken=Appointment.places_taken - 1, revised_at=now)
        )
        if row.kind != ServiceKind.GROUP and not by_practice:
            couples.ask_therapist(session, row.id, couples.CANCELLED, by=by, now=now)
    audit.record(session, "attendance.cancelled", by=by, now=now, subject=("attendance", public_id))
    if tells:
        told = parties(session, [place.client_id], date_at(practice, now))
        notices.tell(session, "cancelled", row.public_id, told, now=now, wait=UNDO_FOR)
    return meaning


def _locked(session: Session, public_id: str) -> _Row:
    """Lock everything that the appointment keeps busy, and return it as it is then."""
    wanted = (
        select(Appointment.id, Appointment.public_id, Appointment.status, Appointment.starts_at, Service.kind)
        .join(Service, Service.id == Appointment.service_id)
        .where(Appointment.public_id == public_id)
    )
    seen = session.execute(wanted).one_or_none()
    if seen is None or seen.status == AppointmentStatus.HELD:
        raise NotFound
    ledger.lock(session, resources_of(session, seen.id))
    row = _Row(*session.execute(wanted).one())
    if row.status not in (AppointmentStatus.BOOKED, AppointmentStatus.REQUESTED):
        raise ImpossibleStep
    return row


def _places(session: Session, which: ColumnElement[bool], *, statuses: Collection[str] | None = OPEN) -> list[_Place]:
    """Return places with what was agreed with their clients, those who are still to come unless told otherwise."""
    wanted = (
        select(
            Attendance.id,
            Attendance.client_id,
            Attendance.status,
            Attendance.moved_late_at,
            Client.agreed_fee_cents,
            Client.no_late_fees,
        )
        .join(Client, Client.id == Attendance.client_id)
        .where(which)
        .order_by(Attendance.id)
    )
    if statuses is not None:
        wanted = wanted.where(Attendance.status.in_(statuses))
    return [_Place(*row) for row in session.execute(wanted)]


def _give_up(
    session: Session,
    practice: Practice,
    row: _Row,
    place: _Place,
    who: Collection[Actor],
    *,
    now: datetime,
    by_practice: bool,
) -> Cancellation:
    """Note that a place is given up, by whom, and what that costs."""
    terms = terms_of(
        practice.free_cancel_hours,
        practice.late_fee_cents,
        kind=row.kind,
        agreed_fee_cents=place.agreed_fee_cents,
        no_late_fees=place.no_late_fees,
        late_since=place.moved_late_at,
    )
    meaning = cancellation(row.starts_at, terms, now=now, by_practice=by_practice)
    take(ATTENDANCE, place.status, meaning.status, who, Moment(now, row.starts_at))
    session.execute(
        update(Attendance)
        .where(Attendance.id == place.id)
        .values(status=meaning.status, late_fee_cents=meaning.late_fee_cents, status_at=now)
    )
    return meaning


def _end(session: Session, row: _Row, by: Identity, now: datetime) -> None:
    couples.ask_no_more(session, row.id, "lapse", by=by, now=now)
    ledger.release(session, [row.id])
    holds.drop(session, row.id, now)
    session.execute(
        update(Appointment)
        .where(Appointment.id == row.id)
        .values(
            status=AppointmentStatus.CANCELLED,
            places_taken=0,
            sequence=Appointment.sequence + 1,
            cancelled_at=now,
            revised_at=now,
        )
    )
