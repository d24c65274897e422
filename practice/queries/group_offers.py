"""What a group offers to somebody who looks: who leads it when it meets next, and its courses. No client is read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from practice.domain.intervals import minute_floor
from practice.domain.rule_book import Audience, RuleBook, Service
from practice.domain.slots import bookable_span, is_open_to
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Course, Enrolment, Hold
from practice.queries.courses import dates_of_client, ended_places

AHEAD = 60


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next date of a group, or None, and the names of those who lead its dates to come."""

    next: Appointment | None
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseOffer:
    """A course that can be joined: the dates it would be, what they cost together, and who leads them.

    ``is_full`` where one of the dates has no place left, ``has_all`` where those who look come to all of it already.
    """

    public_id: str
    name: str
    dates: Sequence[Appointment]
    price_cents: int
    leads: tuple[str, ...]
    is_full: bool
    has_all: bool


def outlook_of(session: Session, service_id: int, *, viewer: Audience, now: datetime) -> Outlook:
    """Return when a group meets next, and who leads it, as far as the viewer may know them. Two statements."""
    dates = _visible(session, _coming(now).where(Appointment.service_id == service_id).limit(AHEAD), viewer)
    return Outlook(dates[0] if dates else None, _names(dates, viewer))


def course_offers(
    session: Session,
    rules: RuleBook,
    service: Service,
    *,
    viewer: Audience,
    now: datetime,
    places: int = 1,
    client_ids: Collection[int] = (),
) -> tuple[CourseOffer, ...]:
    """Return the courses of a group that people can join as a whole, the one that begins next first.

    A date with too little notice is left out, as is one in which one of ``client_ids`` has a place already.
    """
    courses = _courses(session, service.id)
    by_course: dict[int, list[Appointment]] = defaultdict(list)
    for date in _visible(session, _coming(now).where(Appointment.course_id.in_(courses)), viewer) if courses else ():
        by_course[date.course_id or 0].append(date)
    first, end = bookable_span(rules, service, now, viewer)
    ids = [date.id for dates in by_course.values() for date in dates]
    own = dates_of_client(session, ids, client_ids) if client_ids else set()
    lapsed = ended_places(session, ids, now) if ids else {}
    found = []
    for course_id, coming in by_course.items():
        dates = [date for date in coming if minute_floor(date.starts_at) >= first]
        if not dates or minute_floor(dates[0].starts_at) >= end:
            continue
        new = [date for date in dates if date.id not in own]
        found.append(
            CourseOffer(
                public_id=courses[course_id].public_id,
                name=courses[course_id].name,
                dates=new or dates,
                price_cents=sum(date.price_cents for date in new),
                leads=_names(new or dates, viewer),
                is_full=any(date.places_taken - lapsed.get(date.id, 0) + places > date.capacity for date in new),
                has_all=not new,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.dates[0].starts_at, each.public_id)))


def _courses(session: Session, service_id: int) -> dict[int, Course]:
    """Return the courses of a group that people can join as a whole, by id."""
    wanted = select(Course).where(
        Course.service_id == service_id,
        Course.cancelled_at.is_(None),
        Course.enrol.in_((Enrolment.COURSE, Enrolment.BOTH)),
    )
    return {course.id: course for course in session.scalars(wanted)}


def dates_held(session: Session, hold_id: int) -> Sequence[Appointment]:
    """Return all dates of a course that are held together, in order; one alone where it is no course."""
    return session.scalars(
        _led()
        .join(Hold, Hold.appointment_id == Appointment.id)
        .where((Hold.id == hold_id) | (Hold.parent_id == hold_id))
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def dates_from(session: Session, first: Appointment) -> Sequence[Appointment]:
    """Return the dates of a course from one of them on, in order."""
    return session.scalars(
        _led()
        .where(
            Appointment.course_id == first.course_id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at >= first.starts_at,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def kept_course(session: Session, holder_hash: bytes, course: str) -> tuple[str, str] | None:
    """Return the hold and its first date (public ids) where a holder keeps a whole course (a public id) already."""
    child = Hold.__table__.alias()
    row = session.execute(
        select(Hold.public_id, Appointment.public_id)
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(Course, Course.id == Appointment.course_id)
        .where(
            Hold.holder_hash == holder_hash,
            Course.public_id == course,
            select(child.c.id).where(child.c.parent_id == Hold.id).exists(),
        )
        .order_by(Hold.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _led() -> Select[Appointment]:
    return select(Appointment).options(
        joinedload(Appointment.location),
        joinedload(Appointment.service),
        joinedload(Appointment.series),
        selectinload(Appointment.therapists).joinedload(AppointmentTherapist.therapist),
    )


def _coming(now: datetime) -> Select[Appointment]:
    return (
        _led()
        .where(and_(Appointment.status == AppointmentStatus.BOOKED, Appointment.starts_at > now))
        .order_by(Appointment.starts_at, Appointment.id)
    )


def _visible(session: Session, wanted: Select[Appointment], viewer: Audience) -> list[Appointment]:
    """Return the dates whose lead the viewer may know."""
    return [date for date in session.scalars(wanted) if is_open_to(date.lead.listing, viewer)]  # type: ignore[arg-type]


def _names(dates: Sequence[Appointment], viewer: Audience) -> tuple[str, ...]:
    names = [
        row.therapist.name
        for date in dates
        for row in date.therapists
        if is_open_to(row.therapist.listing, viewer)  # type: ignore[arg-type]
    ]
    return tuple(dict.fromkeys(names))
