"""Courses: dates of a group that belong together, made at once, cancelled together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken, ValidationFailed
from practice.domain.lifecycle import OPEN, UNDO_FOR
from practice.domain.permissions import Identity
from practice.domain.rule_book import RuleBook
from practice.models import Appointment, AppointmentStatus, Attendance, Course
from practice.queries.appointments import resources_of
from practice.queries.parties import parties as parties_of
from practice.queries.practice import date_at, the_practice
from practice.services import audit, ledger, notices
from practice.services.cancelling import cancel_appointment
from practice.services.group_dates import NewDate, check_way, lock_dates, make_date, plan_dates

FEWEST, MOST = 2, 60


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course: what it is called, what people can take a place in, and its dates."""

    name: str
    enrol: str
    dates: Sequence[NewDate]


def make_course(session: Session, rules: RuleBook, new: NewCourse, *, by: Identity, now: datetime) -> str:
    """Make all dates of a course, or none, and return its public id.

    Raises NotOffered, ValidationFailed where there are too few or too many dates, or where something speaks against one
    that is not to be made ``anyway``; SlotTaken where somebody or the room is busy at one of them.
    """
    if not FEWEST <= len(new.dates) <= MOST:
        raise ValidationFailed(
            f"A course has {FEWEST} to {MOST} dates.", errors={"dates": "Choose at least two dates."}
        )
    for date in new.dates:
        check_way(rules, date)
    lock_dates(session, plan_dates(session, rules, new.dates, now))
    planned = plan_dates(session, rules, new.dates, now)
    for each in planned:
        if each.stop:
            raise SlotTaken(f"{each.new.on.day} {each.new.on:%B}: {each.stop}")
        if each.doubts and not each.new.anyway:
            words = " ".join(reason.for_staff(rules.practice.zone) for reason in each.doubts)
            raise ValidationFailed(words, errors={"dates": words})
    course = Course(service_id=new.dates[0].service.id, name=new.name, enrol=new.enrol, created_at=now)
    session.add(course)
    session.flush()
    audit.record(session, "course.added", by=by, now=now, subject=("course", course.public_id), dates=len(planned))
    for each in planned:
        if each.starts_at is not None:
            make_date(session, rules, each.new, each.starts_at, each.doubts, by=by, now=now, course_id=course.id)
    return course.public_id


def cancel_course(session: Session, public_id: str, *, by: Identity, now: datetime) -> int:
    """Cancel every date of a course that is still to come, and return how many. It costs nobody anything.

    Whoever has a place in one of them gets one message. Raises NotFound, or ImpossibleStep where it was cancelled.
    """
    course = session.scalars(select(Course).where(Course.public_id == public_id).with_for_update()).one_or_none()
    if course is None:
        raise NotFound
    if course.cancelled_at is not None:
        raise ImpossibleStep
    dates = _coming(session, course.id, now)
    ledger.lock(session, {one for date, _ in dates for one in resources_of(session, date)})
    told = _who_comes(session, [one for one, _ in dates])
    for _, date in dates:
        cancel_appointment(session, date, by=by, now=now, by_practice=True, tells=False)
    session.execute(update(Course).where(Course.id == course.id).values(cancelled_at=now))
    audit.record(session, "course.cancelled", by=by, now=now, subject=("course", public_id), dates=len(dates))
    if dates:
        parties = parties_of(session, told, date_at(the_practice(session), now))
        notices.tell(session, "course_cancelled", dates[0][1], parties, now=now, wait=UNDO_FOR)
    return len(dates)


def _coming(session: Session, course_id: int, now: datetime) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Appointment.id, Appointment.public_id)
        .where(
            Appointment.course_id == course_id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [(row[0], row[1]) for row in rows]


def _who_comes(session: Session, appointment_ids: Sequence[int]) -> list[int]:
    rows = session.scalars(
        select(Attendance.client_id)
        .where(Attendance.appointment_id.in_(appointment_ids), Attendance.status.in_(OPEN))
        .order_by(Attendance.id)
    )
    return list(dict.fromkeys(rows))
