"""What the pages of a day show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from practice.domain.rule_book import RuleBook
from practice.models import Appointment
from practice.web.board import Board, Column, board
from practice.web.presenting import format_day, format_zone, join_words
from practice.web.sessions_shown import SessionCard, View, session_block, session_card

HUES = 6


@dataclass(frozen=True, slots=True)
class Count:
    """ "3 waiting"; ``tone`` is "attention" where somebody should look."""

    number: int
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class DayPage:
    """The day of all therapists."""

    heading: str
    iso: str
    zone: str
    is_today: bool
    previous_href: str
    next_href: str
    today_href: str
    sheet_href: str
    counts: tuple[Count, ...]
    board: Board | None
    free: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A day on paper."""

    heading: str
    zone: str
    day_href: str
    cards: tuple[SessionCard, ...]


def day_page(appointments: Sequence[Appointment], view: View, rules: RuleBook, *, on: date, today: date) -> DayPage:
    """Return the page of a day: a column for each therapist who has a session."""
    heading = format_day(on, relative_to=today)
    here = url_for("desk.day") if on == today else href_of_day(on)
    columns = _columns(appointments, view, rules, here)
    return DayPage(
        heading=heading,
        iso=on.isoformat(),
        zone=format_zone(view.zone),
        is_today=on == today,
        previous_href=href_of_day(on - timedelta(days=1)),
        next_href=href_of_day(on + timedelta(days=1)),
        today_href=url_for("desk.day"),
        sheet_href=url_for("desk.sheet", on=on.isoformat()),
        counts=_counts([session_card(appointment, view) for appointment in appointments]),
        board=board(heading, columns, view.habit) if columns else None,
        free=_free(rules, {column.heading for column in columns}, on),
    )


def sheet_page(appointments: Sequence[Appointment], view: View, on: date) -> SheetPage:
    """Return a day as one list."""
    cards = tuple(session_card(appointment, view) for appointment in appointments)
    return SheetPage(format_day(on), format_zone(view.zone), href_of_day(on), cards)


def href_of_day(on: date) -> str:
    """Return the address of a day."""
    return url_for("desk.one_day", on=on.isoformat())


def _columns(appointments: Sequence[Appointment], view: View, rules: RuleBook, back: str) -> tuple[Column, ...]:
    rank = rules.therapist_rank
    names: dict[int, str] = {}
    sessions: dict[int, list[Appointment]] = {}
    for appointment in appointments:
        for row in appointment.therapists:
            names[row.therapist_id] = row.therapist.name
            sessions.setdefault(row.therapist_id, []).append(appointment)
    order = sorted(sessions, key=lambda therapist_id: (rank.get(therapist_id, len(rank)), names[therapist_id]))
    return tuple(
        Column(
            key=f"t{therapist_id}",
            heading=names[therapist_id],
            blocks=tuple(
                session_block(each, view, look=f"hue-{rank.get(therapist_id, 0) % HUES + 1}", back=back)
                for each in sessions[therapist_id]
            ),
        )
        for therapist_id in order
    )


def _counts(cards: Sequence[SessionCard]) -> tuple[Count, ...]:
    seats = {seat.public_id: seat.status.words for card in cards for seat in card.seats}
    number = {words: list(seats.values()).count(words) for words in set(seats.values())}
    late, open_ = number.get("Not here yet", 0), number.get("Session over", 0) + number.get("Not noted yet", 0)
    return (
        Count(number.get("Waiting", 0), "waiting"),
        Count(number.get("In session", 0), "in session"),
        Count(number.get("Booked", 0), "to come"),
        *((Count(late, "not here yet", "attention"),) if late else ()),
        *((Count(open_, "to be noted", "attention"),) if open_ else ()),
    )


def _free(rules: RuleBook, names: set[str], on: date) -> str:
    return join_words(
        [each.name for each in rules.therapists if each.name not in names and rules.hours_on(each.id, on)]
    )
