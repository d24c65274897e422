"""Places in a group's dates. A date is an appointment that staff made; its places are a guarded counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ClientBusy, GroupFull, NotOffered
from practice.domain.explaining import Question, check_session
from practice.domain.intervals import minute_floor
from practice.domain.lifecycle import ATTENDANCE, GIVEN_UP, Actor, Moment, take
from practice.domain.permissions import Identity
from practice.domain.rule_book import Modality, RuleBook
from practice.domain.slots import GroupSession
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Hold,
    Lead,
)
from practice.queries.ledger import busy_times
from practice.services import holds
from practice.services.finding import Wish, named, refusal, viewer_of


@dataclass(frozen=True, slots=True)
class GroupDate:
    """One date of a group, as a booking needs it."""

    id: int
    public_id: str
    service_id: int
    therapist_id: int
    starts_at: datetime
    ends_at: datetime
    modality: str
    price_cents: int
    capacity: int
    places_taken: int
    location_id: int | None
    zone: str


def take_places(
    session: Session,
    rules: RuleBook,
    wish: Wish,
    places: int,
    *,
    clients: Collection[int],
    by: Identity,
    now: datetime,
) -> GroupDate:
    """Take places in the group's date that starts then. ``clients`` are the resource ids of those who will come.

    Raises NotOffered where there is no such date, GroupFull where too few places are left, ClientBusy.
    """
    date = _date(session, wish)
    if date is None:
        raise NotOffered
    ended = session.scalars(select(Hold.id).where(Hold.appointment_id == date.id, Hold.held_until <= now)).all()
    if ended:
        holds.release_holds(session, ended, now)
        date = _date(session, wish) or date
    service, therapist = named(rules, wish)
    question = Question(rules=rules, service=service, therapist=therapist, busy=(), now=now, viewer=viewer_of(by))
    reason = check_session(question, _as_session(date))
    if reason is not None:
        raise refusal(reason, by)
    if clients and busy_times(session, clients, date.starts_at, date.ends_at)[1]:
        raise ClientBusy
    taken = session.execute(
        update(Appointment)
        .where(Appointment.id == date.id, Appointment.places_taken + places <= Appointment.capacity)
        .values(places_taken=Appointment.places_taken + places, revised_at=now)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise GroupFull
    return date


def has_place(session: Session, appointment_id: int, client_ids: Collection[int]) -> bool:
    """Whether one of the clients has a place in this date now."""
    wanted = exists().where(
        Attendance.appointment_id == appointment_id,
        Attendance.client_id.in_(client_ids),
        Attendance.status.not_in(GIVEN_UP),
    )
    return bool(session.scalar(select(wanted)))


def seat_again(
    session: Session, appointment_id: int, client_ids: Collection[int], *, who: Collection[Actor], moment: Moment
) -> dict[int, str]:
    """Give clients who had cancelled this date their place back; returns the places' public ids by client."""
    back = session.execute(
        select(Attendance.client_id, Attendance.public_id, Attendance.status).where(
            Attendance.appointment_id == appointment_id,
            Attendance.client_id.in_(client_ids),
            Attendance.status.in_(GIVEN_UP),
        )
    ).all()
    for row in back:
        take(ATTENDANCE, row.status, "booked", who, moment, name="come back")
    found: dict[int, str] = {row.client_id: row.public_id for row in back}
    if found:
        session.execute(
            update(Attendance)
            .where(Attendance.appointment_id == appointment_id, Attendance.client_id.in_(found))
            .values(status=AttendanceStatus.BOOKED, status_at=moment.now, late_fee_cents=None)
        )
        # For those who left, the event was cancelled under the next number; what comes back is numbered after that.
        session.execute(
            update(Appointment).where(Appointment.id == appointment_id).values(sequence=Appointment.sequence + 2)
        )
    return found


def _date(session: Session, wish: Wish) -> GroupDate | None:
    row = session.execute(
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.service_id,
            AppointmentTherapist.therapist_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.modality,
            Appointment.price_cents,
            Appointment.capacity,
            Appointment.places_taken,
            Appointment.location_id,
            Appointment.zone,
        )
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(
            Appointment.service_id == wish.service_id,
            Appointment.starts_at == wish.starts_at,
            Appointment.status == AppointmentStatus.BOOKED,
            AppointmentTherapist.therapist_id == wish.therapist_id,
            AppointmentTherapist.part == Lead.LEAD,
        )
        .order_by(Appointment.id)
        .limit(1)
    ).one_or_none()
    return GroupDate(*tuple(row)) if row else None


def _as_session(date: GroupDate) -> GroupSession:
    return GroupSession(
        appointment_id=date.id,
        service_id=date.service_id,
        therapist_id=date.therapist_id,
        start=minute_floor(date.starts_at),
        end=minute_floor(date.ends_at),
        capacity=date.capacity,
        places_taken=date.places_taken,
        modality=cast("Modality", date.modality),
        location_id=date.location_id,
    )
