"""What the pages about hours show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import g, url_for

from practice.db import db
from practice.domain.lifecycle import OPEN
from practice.domain.permissions import Permission
from practice.models import Appointment, Availability, DateHours, Location, ServiceKind, TimeOff
from practice.queries.busy import current_rules
from practice.queries.hours import hours_from, locations_by_id, stranded_appointments
from practice.services.hours_overlap import Row
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.hours.owner import Owner, place_words
from practice.web.presenting import (
    WEEKDAYS,
    Habit,
    format_day,
    format_minute,
    format_moment,
    format_zone,
    habit_of,
)

MOST_STRANDED = 50


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A row of weekly hours."""

    when: str
    where: str
    valid: str


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week with its rows."""

    name: str
    rows: tuple[HoursRow, ...]
    change_href: str


@dataclass(frozen=True, slots=True)
class SingleDate:
    """A date with hours of its own."""

    day: str
    hours: str
    href: str


@dataclass(frozen=True, slots=True)
class Away:
    """Time off."""

    when: str
    note: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Stranded:
    """A booked session outside the hours."""

    when: str
    who: str
    public_id: str
    href: str


@dataclass(frozen=True, slots=True)
class HoursPage:
    """All about one therapist's hours."""

    name: str
    is_self: bool
    zone: str
    today: str
    weekdays: tuple[Weekday, ...]
    dates: tuple[SingleDate, ...]
    time_off: tuple[Away, ...]
    stranded: tuple[Stranded, ...]
    dates_href: str
    time_off_href: str
    back_href: str


def hours_page(owner: Owner) -> HoursPage:
    """Return the overview of a therapist's hours, and the sessions that lie outside them."""
    facts, today = the_facts(), today_here()
    habit, zone = habit_of(facts.locale), owner.therapist.zone
    found = hours_from(db.session(), owner.therapist.id, today, g.now)
    places = locations_by_id(db.session())
    stranded = stranded_appointments(db.session(), current_rules(db.session()), g.now, therapist_id=owner.therapist.id)
    return HoursPage(
        name=owner.therapist.name,
        is_self=owner.is_self,
        zone=format_zone(zone),
        today=today.isoformat(),
        weekdays=tuple(_weekday(day, found.weekly, places, owner, habit) for day in range(7)),
        dates=tuple(_date(each, places, owner, habit, today) for each in found.dates),
        time_off=tuple(_away(each, zone, owner, habit) for each in found.time_off),
        stranded=tuple(stranded_rows(stranded[:MOST_STRANDED], owner)),
        dates_href=owner.url("dates"),
        time_off_href=owner.url("time_off"),
        back_href=owner.back_href,
    )


def span_words(start_minute: int, end_minute: int, habit: Habit) -> str:
    """ "9:00 AM to 5:00 PM"."""
    return f"{format_minute(start_minute, habit)} to {format_minute(end_minute, habit)}"


def row_words(row: Availability, habit: Habit) -> str:
    """ "Mondays, 9:00 AM to 5:00 PM, until Monday 7 December"."""
    words = f"{WEEKDAYS[row.weekday]}s, {span_words(row.start_minute, row.end_minute, habit)}"
    valid = _valid(row)
    return f"{words}, {valid}" if valid else words


def rows_words(rows: Sequence[Row]) -> str:
    """Return stretches of hours, a line each, with their places."""
    habit, places = habit_of(the_facts().locale), locations_by_id(db.session())
    return "\n".join(
        f"{span_words(row.start_minute, row.end_minute, habit)}, "
        f"{place_words(_place(row.location_id, places), is_online=row.is_online)}"
        for row in sorted(rows, key=lambda row: row.start_minute)
    )


def away_words(starts_at: datetime, ends_at: datetime, zone: str, habit: Habit) -> str:
    """ "Thursday 24 December to Thursday 31 December", or from a moment to a moment."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    if (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0):
        first, last = start.date(), date.fromordinal(end.date().toordinal() - 1)
        return format_day(first) if first == last else f"{format_day(first)} to {format_day(last)}"
    return f"{format_moment(start, zone, habit)} to {format_moment(end, zone, habit)}"


def stranded_rows(found: Iterable[Appointment], owner: Owner) -> list[Stranded]:
    """Return sessions outside the hours, with names for whoever may read of clients."""
    habit = habit_of(the_facts().locale)
    names = owner.is_self or g.identity.can(Permission.CLIENTS_READ)
    return [_stranded(each, owner, habit, names=names) for each in found]


def _weekday(
    day: int, rows: Iterable[Availability], places: Mapping[int, Location], owner: Owner, habit: Habit
) -> Weekday:
    return Weekday(
        WEEKDAYS[day],
        tuple(_row(row, places, habit) for row in rows if row.weekday == day),
        owner.url("weekly", days=str(day)),
    )


def _row(row: Availability, places: Mapping[int, Location], habit: Habit) -> HoursRow:
    return HoursRow(
        when=span_words(row.start_minute, row.end_minute, habit),
        where=place_words(_place(row.location_id, places), is_online=row.is_online),
        valid=_valid(row),
    )


def _valid(row: Availability) -> str:
    today = today_here()
    parts = []
    if row.valid_from > today:
        parts.append(f"from {format_day(row.valid_from, relative_to=today)}")
    if row.valid_until is not None:
        parts.append(f"until {format_day(row.valid_until, relative_to=today)}")
    return " ".join(parts)


def _place(location_id: int | None, places: Mapping[int, Location]) -> Location | None:
    return None if location_id is None else places[location_id]


def _date(found: DateHours, places: Mapping[int, Location], owner: Owner, habit: Habit, today: date) -> SingleDate:
    words = [
        f"{span_words(span.start_minute, span.end_minute, habit)}, "
        f"{place_words(_place(span.location_id, places), is_online=span.is_online)}"
        for span in found.spans
    ]
    day = format_day(found.on_date, relative_to=today)
    return SingleDate(day, "; ".join(words) or "No hours", owner.url("date", on=found.on_date.isoformat()))


def _away(found: TimeOff, zone: str, owner: Owner, habit: Habit) -> Away:
    when = away_words(found.starts_at, found.ends_at, zone, habit)
    return Away(when, found.note, owner.url("time_off_remove", public_id=found.public_id))


def _stranded(appointment: Appointment, owner: Owner, habit: Habit, *, names: bool) -> Stranded:
    """Return a session with who comes, or to those who may not read of clients with its service."""
    seats = [each for each in appointment.attendances if each.status in OPEN]
    is_told = names and appointment.service.kind != ServiceKind.GROUP
    who = ", ".join(each.client.display_name for each in seats) if is_told else ""
    when = format_moment(appointment.starts_at, owner.therapist.zone, habit)
    endpoint = owner.session_endpoint
    href = url_for(endpoint, public_id=appointment.public_id) if endpoint else ""
    return Stranded(when, who or appointment.service.name, appointment.public_id, href)
