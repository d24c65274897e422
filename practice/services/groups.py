"""Places in a group's dates. A date is an appointment that staff made; its places are a guarded counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ClientBusy, GroupFull, NotFound, NotOffered
from practice.domain.explaining import Question, check_session
from practice.domain.intervals import minute_floor
from practice.domain.lifecycle import ATTENDANCE, GIVEN_UP, Actor, Moment, take
from practice.domain.permissions import Identity, Permission
from practice.domain.rule_book import Modality, RuleBook
from practice.domain.slots import GroupSession, bookable_span
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Course,
    Enrolment,
    Hold,
    Lead,
    Therapist,
)
from practice.queries.ledger import busy_times
from practice.queries.pasts import past_of
from practice.services import holds
from practice.services.finding import Wish, named, refusal, viewer_of, waived_by
from practice.services.waiving import NO_FEE


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
    enrol: str | None = None


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

    Raises NotOffered where there is no such date, or where people come to its course as a whole; GroupFull where too
    few places are left, ClientBusy.
    """
    date = _date(session, wish)
    if date is None or (date.enrol == Enrolment.COURSE and not by.can(Permission.DESK)):
        raise NotOffered
    ended = session.scalars(select(Hold.id).where(Hold.appointment_id == date.id, Hold.held_until <= now)).all()
    if ended:
        holds.release_holds(session, ended, now)
        date = _date(session, wish) or date
    service, therapist = named(rules, wish)
    counts = bool(clients) and service.max_per_week is not None
    past = past_of(session, clients, service.id, now=now) if counts else None
    question = Question(rules, service, therapist, (), now, viewer_of(by), waived_by(by, wish), past=past)
    reason = check_session(question, _as_session(date))
    if reason is not None:
        raise refusal(reason, by)
    _count_in(session, date, places, clients, now)
    return date


def take_course(
    session: Session,
    rules: RuleBook,
    course: str,
    places: int,
    *,
    clients: Collection[int],
    resources: Collection[int],
    by: Identity,
    now: datetime,
) -> list[GroupDate]:
    """Take places in every date of a course (a public id) that can still be booked, or in none.

    Dates in which one of ``clients`` (ids) has a place already are left out; ``resources`` are theirs. The caller holds
    the locks. Raises NotFound, NotOffered where people come to single dates only, GroupFull where one date has too few
    places, ClientBusy.
    """
    wanted = _GROUP_DATES.where(Course.public_id == course).order_by(Appointment.starts_at, Appointment.id)
    coming = wanted.where(Appointment.starts_at > now)
    dates = [GroupDate(*tuple(row)) for row in session.execute(coming)]
    ended = session.scalars(
        select(Hold.id).where(Hold.appointment_id.in_([date.id for date in dates]), Hold.held_until <= now)
    ).all()
    if ended:
        holds.release_holds(session, ended, now)
        dates = [GroupDate(*tuple(row)) for row in session.execute(coming)]
    new = [date for date in dates if not has_place(session, date.id, clients)]
    if dates and not new:
        raise ClientBusy("There is a place for you in all of it already.")
    open_ = _open_dates(rules, new, by, now)
    for date in sorted(open_, key=lambda date: date.id):
        _count_in(session, date, places, resources, now)
    return open_


def _open_dates(rules: RuleBook, dates: list[GroupDate], by: Identity, now: datetime) -> list[GroupDate]:
    """Return those of a course's dates that leave enough notice. Raises what speaks against the first one."""
    service = rules.service_by_id.get(dates[0].service_id) if dates else None
    if service is None:
        raise NotFound
    first, _ = bookable_span(rules, service, now, viewer_of(by))
    open_ = [date for date in dates if minute_floor(date.starts_at) >= first]
    therapist = rules.therapist_by_id.get(open_[0].therapist_id) if open_ else None
    if therapist is None or open_[0].enrol == Enrolment.DATE:
        raise NotOffered
    question = Question(rules=rules, service=service, therapist=therapist, busy=(), now=now, viewer=viewer_of(by))
    reason = check_session(question, _as_session(open_[0]))
    if reason is not None:
        raise refusal(reason, by)
    return open_


def _count_in(session: Session, date: GroupDate, places: int, clients: Collection[int], now: datetime) -> None:
    """Count places as taken. Raises ClientBusy where one of the clients (resource ids) is, and GroupFull."""
    times = busy_times(session, clients, date.starts_at, date.ends_at)[1] if clients else []
    holds.remove_expired(session, {each.appointment_id or 0 for each in times if each.is_expired(now)}, now)
    if any(not each.is_expired(now) for each in times):
        raise ClientBusy
    taken = session.execute(
        update(Appointment)
        .where(Appointment.id == date.id, Appointment.places_taken + places <= Appointment.capacity)
        .values(places_taken=Appointment.places_taken + places, revised_at=now)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise GroupFull


def leads_of_course(session: Session, course: str, now: datetime) -> list[int]:
    """Return the resource ids of those who lead the dates of a course (a public id) that come."""
    wanted = (
        select(Therapist.resource_id)
        .join(AppointmentTherapist, AppointmentTherapist.therapist_id == Therapist.id)
        .join(Appointment, Appointment.id == AppointmentTherapist.appointment_id)
        .join(Course, Course.id == Appointment.course_id)
        .where(Course.public_id == course, Appointment.starts_at > now)
        .distinct()
    )
    return list(session.scalars(wanted))


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
            .values(status=AttendanceStatus.BOOKED, status_at=moment.now, **NO_FEE)
        )
        # For those who left, the event was cancelled under the next number; what comes back is numbered after that.
        session.execute(
            update(Appointment).where(Appointment.id == appointment_id).values(sequence=Appointment.sequence + 2)
        )
    return found


_GROUP_DATES = (
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
        Course.enrol,
    )
    .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
    .outerjoin(Course, Course.id == Appointment.course_id)
    .where(Appointment.status == AppointmentStatus.BOOKED, AppointmentTherapist.part == Lead.LEAD)
)


def _date(session: Session, wish: Wish) -> GroupDate | None:
    row = session.execute(
        _GROUP_DATES.where(
            Appointment.service_id == wish.service_id,
            Appointment.starts_at == wish.starts_at,
            AppointmentTherapist.therapist_id == wish.therapist_id,
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
