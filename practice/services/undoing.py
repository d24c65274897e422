"""Undoing a cancellation that was a slip: within a few minutes, and before anybody has been told.

The time is claimed again through the ledger, so that whoever took it meanwhile keeps it. What is undone already is
left as it is, so that pressing twice does nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from practice.domain.buffers import Stretch
from practice.domain.errors import ClientBusy, GroupFull, ImpossibleStep, NotFound, RoomTaken, SlotTaken
from practice.domain.lifecycle import APPOINTMENT, ATTENDANCE, GIVEN_UP, LIVE, TOO_LATE, UNDO_FOR, Moment, When, take
from practice.domain.permissions import Identity, Permission
from practice.domain.reasons import Code
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    AuditEvent,
    Client,
    Course,
    Room,
    Series,
    Therapist,
)
from practice.queries.appointments import resources_of
from practice.queries.ledger import busy_times
from practice.queries.parties import parties
from practice.queries.practice import date_at, the_practice
from practice.services import audit, couples, holds, ledger, notices, outbox
from practice.services.ledger import Claim
from practice.services.standing import actors
from practice.services.waiving import NO_FEE

TOGETHER = "It was cancelled together with others, so it can only come back with them. It can be booked again."


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    public_id: str
    status: str
    starts_at: datetime
    ends_at: datetime
    before_minutes: int
    after_minutes: int
    room_id: int | None
    cancelled_at: datetime | None
    override_codes: list[str]
    answer_by: datetime | None


def undo_cancelled_appointment(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Take back that an appointment was cancelled: it is booked again for everybody whom that cancelled.

    Who had arrived is booked again, and can be marked once more. Raises NotFound, ImpossibleStep (too late, or told
    already), SlotTaken, RoomTaken or ClientBusy.
    """
    row = _locked(session, public_id)
    if row.status == AppointmentStatus.BOOKED:
        return
    who, due_at = actors(session, by, row.id), _due(row.cancelled_at)
    take(APPOINTMENT, row.status, "booked", who, Moment(now, row.starts_at, due_at), name="undo")
    _withdraw(session, row, row.cancelled_at)
    _revive(session, row, row.cancelled_at, by=by, now=now)


def undo_cancelled_place(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Take back that one client's place was cancelled, and the appointment with it where that ended it.

    A client can only take back what concerns no one else, and nothing that the practice cancelled. Raises NotFound,
    ImpossibleStep (too late, or told already), SlotTaken or one of its kinds.
    """
    wanted = (
        select(Attendance.status, Attendance.status_at, Appointment.public_id, Client.id, Client.resource_id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(Attendance.public_id == public_id)
    )
    seen = session.execute(wanted).one_or_none()
    if seen is None:
        raise NotFound
    row = _locked(session, seen.public_id)
    status, cancelled_at, _, client_id, resource_id = session.execute(wanted).one()
    if status in LIVE and row.status == AppointmentStatus.BOOKED:
        return
    is_desk = by.can(Permission.DESK)
    who, due_at = actors(session, by, row.id, client_id=client_id), _due(cancelled_at)
    take(ATTENDANCE, status, "booked", who, Moment(now, row.starts_at, due_at), name="undo")
    if row.status == AppointmentStatus.BOOKED:
        _withdraw(session, row, cancelled_at)
        _seat_again(session, row, public_id, Claim(resource_id, row.starts_at, row.ends_at), by=by, now=now)
        couples.ask_no_more(session, row.id, "withdraw", by=by, now=now)
        if _was_moved(session, row.public_id, cancelled_at):
            told = parties(session, [client_id], date_at(the_practice(session), now))
            notices.tell(session, "moved", row.public_id, told, now=now, wait=UNDO_FOR)
        return
    if cancelled_at != row.cancelled_at or not (is_desk or _is_alone(session, row, client_id)):
        raise ImpossibleStep
    _withdraw(session, row, cancelled_at)
    _revive(session, row, cancelled_at, by=by, now=now)


def _locked(session: Session, public_id: str) -> _Row:
    """Lock all that the appointment kept busy, and return it as it is then."""
    wanted = select(
        Appointment.id,
        Appointment.public_id,
        Appointment.status,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.before_minutes,
        Appointment.after_minutes,
        Appointment.room_id,
        Appointment.cancelled_at,
        Appointment.override_codes,
        Appointment.answer_by,
    ).where(Appointment.public_id == public_id)
    seen = session.execute(wanted).one_or_none()
    if seen is None or seen.status not in (AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED):
        raise NotFound
    if seen.answer_by is not None:
        raise ImpossibleStep("This was a request, and never booked. It can be asked for again.")
    ledger.lock(session, resources_of(session, seen.id))
    return _Row(*tuple(session.execute(wanted).one()))


def _room(session: Session, room_id: int | None) -> list[int]:
    return list(session.scalars(select(Room.resource_id).where(Room.id == room_id))) if room_id else []


def _is_alone(session: Session, row: _Row, client_id: int) -> bool:
    """Whether no one else's place was cancelled with this one."""
    other = select(Attendance.id).where(
        Attendance.appointment_id == row.id,
        Attendance.client_id != client_id,
        Attendance.status.in_(GIVEN_UP),
        Attendance.status_at == row.cancelled_at,
    )
    return session.scalar(other.limit(1)) is None


def _due(cancelled_at: datetime | None) -> datetime | None:
    return cancelled_at + UNDO_FOR if cancelled_at else None


def _withdraw(session: Session, row: _Row, cancelled_at: datetime | None) -> None:
    if _went_with_others(session, row):
        raise ImpossibleStep(TOGETHER)
    if cancelled_at is None or not outbox.withdraw(session, "cancelled", row.public_id, posted_at=cancelled_at):
        raise ImpossibleStep(TOO_LATE[When.UNDO_TIME])


def _went_with_others(session: Session, row: _Row) -> bool:
    """Whether the whole course or the rest of a series was cancelled with it: one message tells of all of them."""
    whole = (
        select(Appointment.id)
        .outerjoin(Course, Course.id == Appointment.course_id)
        .outerjoin(Series, Series.id == Appointment.series_id)
        .where(
            Appointment.id == row.id,
            or_(Course.cancelled_at == Appointment.cancelled_at, Series.ended_at == Appointment.cancelled_at),
        )
    )
    return session.scalar(whole) is not None


def _revive(session: Session, row: _Row, cancelled_at: datetime | None, *, by: Identity, now: datetime) -> None:
    session.execute(
        update(Attendance)
        .where(
            Attendance.appointment_id == row.id,
            Attendance.status.in_(GIVEN_UP),
            Attendance.status_at == cancelled_at,
        )
        .values(status=AttendanceStatus.BOOKED, status_at=now, **NO_FEE)
    )
    clients, therapists = _people(session, row.id)
    first = row.starts_at - timedelta(minutes=row.before_minutes)
    last = row.ends_at + timedelta(minutes=row.after_minutes)
    taken: list[tuple[Claim, type[SlotTaken]]] = [
        *((Claim(one, first, last), SlotTaken) for one in therapists),
        *((Claim(one, first, last), RoomTaken) for one in _room(session, row.room_id)),
        *((Claim(one, row.starts_at, row.ends_at), ClientBusy) for one in clients),
    ]
    is_close = _be_free(session, row, taken, now)
    session.execute(
        update(Appointment)
        .where(Appointment.id == row.id)
        .values(
            status=AppointmentStatus.BOOKED,
            places_taken=len(clients),
            sequence=Appointment.sequence + 1,
            cancelled_at=None,
            revised_at=now,
        )
    )
    claims = [claim for claim, _ in taken]
    if is_close:
        ledger.squeeze_in(session, row.id, claims, Stretch(row.starts_at, row.ends_at))
    else:
        ledger.claim(session, row.id, claims)
    audit.record(session, "appointment.cancellation_undone", by=by, now=now, subject=("appointment", row.public_id))


def _people(session: Session, appointment_id: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return the resources of the clients who come and of the therapists who lead it."""
    clients = session.scalars(
        select(Client.resource_id)
        .join(Attendance, Attendance.client_id == Client.id)
        .where(Attendance.appointment_id == appointment_id, Attendance.status.in_(LIVE))
    )
    therapists = session.scalars(
        select(Therapist.resource_id)
        .join(AppointmentTherapist, AppointmentTherapist.therapist_id == Therapist.id)
        .where(AppointmentTherapist.appointment_id == appointment_id)
    )
    return clients.all(), therapists.all()


def _seat_again(session: Session, row: _Row, place: str, claim: Claim, *, by: Identity, now: datetime) -> None:
    """Give one client the place back in an appointment that went on without them."""
    _be_free(session, row, [(claim, ClientBusy)], now)
    # For who left, the event was cancelled under the next number; what comes back is numbered after that.
    seated = session.execute(
        update(Appointment)
        .where(Appointment.id == row.id, Appointment.places_taken < Appointment.capacity)
        .values(places_taken=Appointment.places_taken + 1, sequence=Appointment.sequence + 2, revised_at=now)
    )
    if not seated.rowcount:  # type: ignore[attr-defined]
        raise GroupFull
    session.execute(
        update(Attendance)
        .where(Attendance.public_id == place)
        .values(status=AttendanceStatus.BOOKED, status_at=now, **NO_FEE)
    )
    ledger.claim(session, row.id, [claim])
    audit.record(session, "attendance.cancellation_undone", by=by, now=now, subject=("attendance", place))


def _was_moved(session: Session, appointment: str, since: datetime) -> bool:
    """Whether an appointment was moved since an instant: who had left then was not told of it."""
    moved = select(AuditEvent.id).where(
        AuditEvent.subject_kind == "appointment",
        AuditEvent.subject_id == appointment,
        AuditEvent.action.in_(("appointment.moved", "appointment.swapped")),
        AuditEvent.at >= since,
    )
    return session.scalar(moved.limit(1)) is not None


def _be_free(session: Session, row: _Row, claims: list[tuple[Claim, type[SlotTaken]]], now: datetime) -> bool:
    """Raise what the first claim that is taken stands for; return whether buffers have to give way.

    They do where staff had let one of the two sessions stand close to others. Holds that ended are released on the way.
    """
    if not claims:
        return False
    first, last = min(one.starts_at for one, _ in claims), max(one.ends_at for one, _ in claims)
    _, times = busy_times(session, [one.resource_id for one, _ in claims], first, last)
    ended = {time.appointment_id for time in times if time.is_expired(now) and time.appointment_id}
    holds.remove_expired(session, ended, now)
    core, close = Stretch(row.starts_at, row.ends_at), list[tuple[int, type[SlotTaken]]]()
    for claim, error in claims:
        for time in times:
            is_same = time.resource_id == claim.resource_id and time.appointment_id not in ended
            # What an outside calendar says was no reason to end the session, so it is none against its return.
            if is_same and time.appointment_id and time.starts_at < claim.ends_at and claim.starts_at < time.ends_at:
                if core.overlaps(Stretch(time.core_starts_at, time.core_ends_at)):
                    raise error
                close.append((time.appointment_id, error))
    for appointment_id, error in close:
        if Code.BUFFER not in {*row.override_codes, *_booked_against(session, appointment_id)}:
            raise error
    return bool(close)


def _booked_against(session: Session, appointment_id: int) -> list[str]:
    return session.scalar(select(Appointment.override_codes).where(Appointment.id == appointment_id)) or []
