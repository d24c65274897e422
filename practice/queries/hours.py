"""A therapist's hours as people edit them: weekly rows, single dates, time off, and what they leave stranded."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from practice.domain.intervals import outer_span
from practice.domain.rule_book import RuleBook
from practice.domain.stranding import is_away, is_covered
from practice.models import Appointment, Availability, DateHours, Location, ServiceKind, Therapist, TimeOff
from practice.queries.appointments import appointments_between

AHEAD = timedelta(days=731)  # no window is longer, so no session is booked further ahead


class Hours(NamedTuple):
    """What stands in a therapist's calendar of hours from today on."""

    weekly: Sequence[Availability]
    dates: Sequence[DateHours]
    time_off: Sequence[TimeOff]


def therapist_by_id(session: Session, therapist_id: int) -> Therapist | None:
    """Return one therapist, or None."""
    return session.get(Therapist, therapist_id)


def active_locations(session: Session) -> Sequence[Location]:
    """Return the places that are open for new hours, in their order."""
    return session.scalars(
        select(Location).where(Location.archived_at.is_(None)).order_by(Location.position, Location.id)
    ).all()


def locations_by_id(session: Session) -> dict[int, Location]:
    """Return all places, archived ones included, by id."""
    return {location.id: location for location in session.scalars(select(Location))}


def hours_from(session: Session, therapist_id: int, today: date, now: datetime) -> Hours:
    """Return a therapist's rows that hold today or later, in order. Four statements."""
    weekly = session.scalars(
        select(Availability)
        .where(
            Availability.therapist_id == therapist_id,
            or_(Availability.valid_until.is_(None), Availability.valid_until >= today),
        )
        .order_by(Availability.weekday, Availability.start_minute, Availability.valid_from, Availability.id)
    ).all()
    dates = session.scalars(
        select(DateHours)
        .where(DateHours.therapist_id == therapist_id, DateHours.on_date >= today)
        .options(selectinload(DateHours.spans))
        .order_by(DateHours.on_date)
    ).all()
    time_off = session.scalars(
        select(TimeOff)
        .where(TimeOff.therapist_id == therapist_id, TimeOff.ends_at > now)
        .order_by(TimeOff.starts_at, TimeOff.id)
    ).all()
    return Hours(weekly, dates, time_off)


def date_hours_on(session: Session, therapist_id: int, on: date) -> DateHours | None:
    """Return what replaces a therapist's weekly hours on one date, or None."""
    return session.scalars(
        select(DateHours)
        .where(DateHours.therapist_id == therapist_id, DateHours.on_date == on)
        .options(selectinload(DateHours.spans))
    ).one_or_none()


def stranded_appointments(
    session: Session, rules: RuleBook, now: datetime, *, therapist_id: int | None = None
) -> list[Appointment]:
    """Return the booked sessions to come that lie outside their therapist's hours, in order of time."""
    wanted = None if therapist_id is None else [therapist_id]
    coming = appointments_between(session, now, now + AHEAD, therapist_ids=wanted)
    return [appointment for appointment in coming if not _is_covered(rules, appointment)]


def newly_stranded(
    session: Session, before: RuleBook, after: RuleBook, now: datetime, *, therapist_id: int
) -> list[Appointment]:
    """Return the booked sessions to come that lie in the hours of ``before`` and not in those of ``after``."""
    coming = appointments_between(session, now, now + AHEAD, therapist_ids=[therapist_id])
    return [each for each in coming if _is_covered(before, each) and not _is_covered(after, each)]


def weekly_rows(session: Session, therapist_id: int, weekday: int, since: date) -> Sequence[Availability]:
    """Return a weekday's rows that hold on ``since`` or later, by the day on which they begin and by the clock."""
    return session.scalars(
        select(Availability)
        .where(
            Availability.therapist_id == therapist_id,
            Availability.weekday == weekday,
            or_(Availability.valid_until.is_(None), Availability.valid_until >= since),
        )
        .order_by(Availability.valid_from, Availability.start_minute, Availability.id)
    ).all()


def _is_covered(rules: RuleBook, appointment: Appointment) -> bool:
    """A group meets on its own dates, whatever the hours; the others belong into hours."""
    span = outer_span(appointment.starts_at, appointment.ends_at)
    if appointment.service.kind == ServiceKind.GROUP:
        return not is_away(rules, appointment.lead.id, span, appointment.location_id)
    return is_covered(rules, appointment.lead.id, span, appointment.location_id)
