"""What a therapist's week shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import url_for

from practice.domain.intervals import DAY, Span, instant, overlaps
from practice.domain.rule_book import RuleBook
from practice.domain.weekly_hours import days_span
from practice.models import Appointment, AppointmentStatus, ServiceKind, Therapist
from practice.web.board import Block, Board, Column, board
from practice.web.facts import Fact
from practice.web.presenting import (
    WEEKDAYS,
    format_day,
    format_days,
    format_minute,
    format_span,
    format_zone,
    humanize_minutes,
)
from practice.web.sessions_shown import SessionCard, View, session_block, session_card, where_of

LOOKS = {
    ServiceKind.CONSULTATION: "hue-2",
    ServiceKind.INDIVIDUAL: "hue-1",
    ServiceKind.COUPLE: "hue-3",
    ServiceKind.GROUP: "hue-5",
}


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Seven days of one therapist; a weekend without anything is left out."""

    heading: str
    under: str
    zone: str
    iso: str
    is_this_week: bool
    previous_href: str
    this_href: str
    next_href: str
    board: Board


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session, as its therapist sees it."""

    card: SessionCard
    facts: tuple[Fact, ...]
    week: str
    week_href: str


def week_page(
    found: Sequence[Appointment], rules: RuleBook, therapist: Therapist, view: View, *, monday: date, today: date
) -> WeekPage:
    """Return the page of the week that begins on ``monday``."""
    columns = tuple(_column(on, found, rules, therapist, view, today) for on in _days(monday))
    shown = (*columns[:5], *(each for each in columns[5:] if each.blocks or each.under))
    booked = [each for each in found if each.status == AppointmentStatus.BOOKED]
    length = sum((each.ends_at - each.starts_at for each in booked), timedelta())
    count = f"{len(booked)} session" + ("" if len(booked) == 1 else "s")
    heading = format_days(monday, monday + timedelta(days=6))
    return WeekPage(
        heading=heading,
        under=f"{count} · {humanize_minutes(int(length.total_seconds()) // 60)}" if booked else "Nothing is booked",
        zone=format_zone(therapist.zone),
        iso=monday.isoformat(),
        is_this_week=monday <= today < monday + timedelta(days=7),
        previous_href=href_of_week(monday - timedelta(days=7)),
        this_href=url_for("therapist.week"),
        next_href=href_of_week(monday + timedelta(days=7)),
        board=board(heading, shown, view.habit),
    )


def session_page(appointment: Appointment, view: View) -> SessionPage:
    """Return the page of one session."""
    on = appointment.starts_at.astimezone(ZoneInfo(view.zone)).date()
    when = format_span(appointment.starts_at, appointment.ends_at, view.zone, view.habit)
    facts = (
        Fact("When", f"{format_day(on, relative_to=view.now.date())}, {when}\n{format_zone(view.zone)}"),
        Fact("Where", where_of(appointment)),
        Fact("Service", f"{appointment.service.name}, {appointment.service.duration_minutes} minutes"),
        Fact("Led by", ", ".join(row.therapist.name for row in appointment.therapists)),
    )
    return SessionPage(session_card(appointment, view), facts, f"Week of {format_day(on)}", href_of_week(on))


def href_of_week(on: date) -> str:
    """Return the address of the week that a date lies in."""
    return url_for("therapist.one_week", on=on.isoformat())


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=day) for day in range(7)]


def _column(
    on: date, found: Sequence[Appointment], rules: RuleBook, therapist: Therapist, view: View, today: date
) -> Column:
    zone = ZoneInfo(therapist.zone)
    sessions = [each for each in found if each.starts_at.astimezone(zone).date() == on]
    blocks = [session_block(each, view, look=LOOKS[ServiceKind(each.service.kind)]) for each in sessions]
    day = days_span(therapist.zone, on, on)
    away = [span for span in rules.time_off_of(therapist.id) if overlaps(span, day)]
    return Column(
        key=on.isoformat(),
        heading=f"{WEEKDAYS[on.weekday()]} {on.day}",
        under=_hours(rules, therapist, on, view),
        blocks=(*blocks, *(_away(span, on, therapist.zone, view) for span in away)),
        is_today=on == today,
        empty="Nothing booked",
    )


def _hours(rules: RuleBook, therapist: Therapist, on: date, view: View) -> str:
    rows = sorted(rules.hours_on(therapist.id, on), key=lambda row: row.start_minute)
    words = [
        f"{format_minute(row.start_minute, view.habit)} to {format_minute(row.end_minute, view.habit)}" for row in rows
    ]
    return ", ".join(words)


def _away(span: Span, on: date, zone: str, view: View) -> Block:
    start, end = (instant(minute).astimezone(ZoneInfo(zone)) for minute in span)
    first = start.hour * 60 + start.minute if start.date() == on else 0
    last = end.hour * 60 + end.minute if end.date() == on else DAY
    is_whole = first == 0 and last == DAY
    when = "All day" if is_whole else format_minute(first, view.habit)
    return Block(9 * 60 if is_whole else first, 17 * 60 if is_whole else last, when, "Time off", look="away")
