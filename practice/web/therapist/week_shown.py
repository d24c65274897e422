"""What a therapist's week, day and list show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import url_for

from practice.domain.intervals import instant, minute_floor
from practice.domain.openings import Openings
from practice.domain.rule_book import Service
from practice.domain.slots import bookable_span
from practice.models import AppointmentStatus
from practice.queries.diary import DiaryEntry
from practice.web.board import Board, Column, board
from practice.web.presenting import (
    format_day,
    format_days,
    format_time,
    format_zone,
    humanize_minutes,
    join_words,
    relative_day,
)
from practice.web.shell import Link
from practice.web.therapist.days_shown import Days, column, name_of, status_of_entry

MOST_FREE = 4
LOOK_AHEAD = timedelta(days=14)
VIEWS = (("Day", "one_day"), ("Week", "one_week"), ("List", "one_list"))


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who waits, or said that they are late."""

    name: str
    when: str
    words: str
    tone: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Some days of one therapist. ``here`` is None where today is not among them."""

    heading: str
    under: str
    zone: str
    iso: str
    unit: str
    is_current: bool
    previous_href: str
    this_href: str
    next_href: str
    views: tuple[Link, ...]
    board: Board | None
    columns: tuple[Column, ...]
    today_href: str
    here: tuple[Here, ...] | None
    free: tuple[str, ...]
    free_for: str


def calendar_page(days: Days, first: date, last: date, *, view: str, openings: Openings) -> CalendarPage:
    """Return the page of some days in one of the three ways: "one_day", "one_week" or "one_list"."""
    columns = tuple(column(days, on, with_actions=view == "one_day") for on in _dates(first, last))
    if view != "one_day":
        columns = (*columns[:5], *(each for each in columns[5:] if each.blocks or each.hours))
    shown_last = first + timedelta(days=len(columns) - 1) if view != "one_day" and not columns[5:] else last
    is_today = first <= days.today <= last
    service = _usual_service(openings, days.therapist_id)
    is_day = view == "one_day"
    return CalendarPage(
        heading=format_day(first, relative_to=days.today) if is_day else format_days(first, shown_last),
        under=_totals(days.entries),
        zone=format_zone(days.zone),
        iso=first.isoformat(),
        unit="day" if is_day else "week",
        is_current=is_today,
        previous_href=_href(view, first - timedelta(days=1 if is_day else 7)),
        this_href=_this_href(view, days.today),
        next_href=_href(view, first + timedelta(days=1 if is_day else 7)),
        views=_views(view, days.today if is_today else first),
        board=None if view == "one_list" else board(format_days(first, last), columns, days.habit),
        columns=columns if view == "one_list" else (),
        today_href=f"#column-{days.today.isoformat()}" if is_today and not is_day else "",
        here=_here(days) if is_today else None,
        free=_free(openings, service, days) if service and is_today else (),
        free_for=service.name if service else "",
    )


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def _totals(entries: Sequence[DiaryEntry]) -> str:
    """ "22 sessions · 18 hours"."""
    booked = [each for each in entries if each.status == AppointmentStatus.BOOKED]
    if not booked:
        return "Nothing is booked"
    length = sum((each.ends_at - each.starts_at for each in booked), timedelta())
    count = f"{len(booked)} session" + ("" if len(booked) == 1 else "s")
    return f"{count} · {humanize_minutes(int(length.total_seconds()) // 60)}"


def _href(view: str, on: date) -> str:
    return url_for(f"therapist.{view}", on=on.isoformat())


def _this_href(view: str, today: date) -> str:
    return url_for("therapist.week") if view == "one_week" else _href(view, today)


def _views(view: str, on: date) -> tuple[Link, ...]:
    return tuple(Link(label, _href(each, on), each == view) for label, each in VIEWS)


def _here(days: Days) -> tuple[Here, ...]:
    """Return who waits now, and who said that they are late."""
    found = []
    for entry in days.entries:
        for seat in entry.seats:
            status = status_of_entry(seat, entry, days.now)
            is_late = (
                bool(seat.late_minutes) and seat.status == "booked" and entry.starts_at <= days.now < entry.ends_at
            )
            if entry.status != AppointmentStatus.BOOKED or not (is_late or status.words == "Waiting"):
                continue
            when = format_time(entry.starts_at, days.zone, days.habit)
            href = url_for("therapist.appointment", public_id=entry.public_id)
            found.append(Here(seat.name, f"{when}, {name_of(entry)}", status.words, status.tone, status.icon, href))
    return tuple(found)


def _usual_service(openings: Openings, therapist_id: int) -> Service | None:
    """Return what this therapist mostly gives: the individual session of the first offer, else any but a group."""
    rules = openings.rules
    offered = [each for each in rules.services if (therapist_id, each.id) in rules.offer_of and each.kind != "group"]
    return min(offered, key=lambda each: each.kind != "individual", default=None)


def _free(openings: Openings, service: Service, days: Days) -> tuple[str, ...]:
    """Return the next times that are free for a session, as the desk could book them."""
    me = openings.rules.therapist_by_id[days.therapist_id]
    low, high = bookable_span(openings.rules, service, days.now, "clients")
    high = min(high, minute_floor(days.now + LOOK_AHEAD))
    found = openings.slots(service, (me,), (low, high)) if low < high else []
    words: list[str] = []
    starts = [instant(slot.start) for slot in found[:MOST_FREE]]
    for on, group in groupby(starts, days.date_of):
        times = [format_time(start, days.zone, days.habit) for start in group]
        words.append(f"{relative_day(on, days.today)}, {join_words(times)}")
    return tuple(words)


def monday_of(on: date) -> date:
    """Return the Monday of the week that a date lies in."""
    return on - timedelta(days=on.weekday())


def href_of_week(on: date) -> str:
    """Return the address of the week that a date lies in."""
    return _href("one_week", on)
