"""What the pages of a day show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from flask import url_for

from practice.domain.rule_book import RuleBook
from practice.models import Appointment
from practice.web.board import Board, board
from practice.web.desk.day_columns import Day, room_columns, therapist_columns
from practice.web.desk.day_free import NextFree, next_free
from practice.web.desk.day_wanted import STATES, Choice, Wanted, choices_of
from practice.web.presenting import format_day, format_zone
from practice.web.sessions_shown import SessionCard, State, View, session_card

HOUR = 60


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does; the page marks with data-key what it presses."""

    keys: tuple[str, ...]
    words: str


SHORTCUTS = (
    Shortcut(("n",), "Book"),
    Shortcut(("/",), "Find a client"),
    Shortcut(("t",), "Today"),
    Shortcut(("k", "←"), "The day before"),
    Shortcut(("j", "→"), "The day after"),
    Shortcut(("r",), "Refresh"),
    Shortcut(("h",), "Hide names, or show them again"),
    Shortcut(("s",), "Day sheet, for paper"),
    Shortcut(("?",), "This list"),
)
ATTENTION = frozenset({State.LATE, State.TO_NOTE})


@dataclass(frozen=True, slots=True)
class Count:
    """ "3 waiting", which leads to these alone, or back to all where it does so already.

    ``tone`` is "attention" where somebody should look. Without anybody it leads nowhere.
    """

    number: int
    words: str
    href: str
    is_chosen: bool
    tone: str = ""


class Around(NamedTuple):
    """What the page around a board depends on beside the rules; ``root`` is where the application is mounted."""

    on: date
    today: date
    wanted: Wanted
    hides_names: bool
    root: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """What surrounds the board of a day."""

    heading: str
    iso: str
    zone: str
    is_today: bool
    previous_href: str
    next_href: str
    today_href: str
    sheet_href: str
    here: str
    board_href: str
    form_href: str
    clear_href: str
    is_filtered: bool
    hides_names: bool
    by_room: bool
    by_therapist_href: str
    by_room_href: str
    choices: tuple[Choice, ...]
    wanted: Wanted
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS


@dataclass(frozen=True, slots=True)
class DayBoard:
    """What refreshes itself: the counts, the next free times, the board. ``board`` is None where nothing is shown."""

    counts: tuple[Count, ...]
    free: NextFree | None
    board: Board | None
    is_filtered: bool
    clear_href: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A day on paper."""

    heading: str
    zone: str
    day_href: str
    cards: tuple[SessionCard, ...]


@lru_cache(maxsize=64)
def day_page(around: Around, rules: RuleBook) -> DayPage:
    """Return what surrounds the board of a day."""
    wanted, on, today = around.wanted, around.on, around.today
    return DayPage(
        heading=format_day(on, relative_to=today),
        iso=on.isoformat(),
        zone=format_zone(rules.practice.zone),
        is_today=on == today,
        previous_href=href_of(wanted, on - timedelta(days=1), today),
        next_href=href_of(wanted, on + timedelta(days=1), today),
        today_href=wanted.url("desk.day"),
        sheet_href=wanted.url("desk.sheet", on, by="", state=""),
        here=href_of(wanted, on, today),
        board_href=wanted.url("desk.board", on),
        form_href=href_of(Wanted(), on, today),
        clear_href=href_of(Wanted(by=wanted.by), on, today),
        is_filtered=wanted.is_filtered,
        hides_names=around.hides_names,
        by_room=wanted.by_room,
        by_therapist_href=href_of(wanted, on, today, by=""),
        by_room_href=href_of(wanted, on, today, by="room"),
        choices=choices_of(wanted, rules),
        wanted=wanted,
    )


def day_board(day: Day, today: date) -> DayBoard:
    """Return the board of a day with its counts."""
    columns = tuple(room_columns(day) if day.wanted.by_room else therapist_columns(day))
    edges = [minute for column in columns for span in column.hours or () for minute in span]
    label = f"{format_day(day.on)}, a column for each {'room' if day.wanted.by_room else 'therapist'}"
    return DayBoard(
        counts=_counts(day, today),
        free=next_free(day),
        board=board(
            label,
            columns,
            day.view.habit,
            opens=min(edges, default=9 * HOUR) // HOUR,
            closes=-(-max(edges, default=17 * HOUR) // HOUR),
        )
        if columns
        else None,
        is_filtered=day.wanted.is_filtered,
        clear_href=href_of(Wanted(by=day.wanted.by), day.on, today),
    )


def sheet_page(day: Day) -> SheetPage:
    """Return a day as one list."""
    cards = tuple(day.cards[each.id] for each in day.appointments if day.takes(each))
    return SheetPage(format_day(day.on), format_zone(day.view.zone), day.wanted.url("desk.one_day", day.on), cards)


def cards_of(appointments: Iterable[Appointment], view: View) -> dict[int, SessionCard]:
    """Return a card for each session, by its id."""
    return {each.id: session_card(each, view) for each in appointments}


def href_of_day(on: date) -> str:
    """Return the address of a day."""
    return url_for("desk.one_day", on=on.isoformat())


def href_of(wanted: Wanted, on: date, today: date, **changes: str) -> str:
    """Return the address of a day with the same filters: today's is the desk's own."""
    shown = replace(wanted, **changes)
    return shown.url("desk.day") if on == today else shown.url("desk.one_day", on)


def _counts(day: Day, today: date) -> tuple[Count, ...]:
    """Count the places of the sessions that are asked for, whatever their state; each once."""
    seats = [
        seat.state
        for each in day.appointments
        if day.wanted.takes_session(each, day.rules)
        for seat in day.cards[each.id].seats
    ]
    return tuple(_count(day, state, words, seats.count(state), today) for state, words in STATES.items())


def _count(day: Day, state: State, words: str, number: int, today: date) -> Count:
    is_chosen = day.wanted.state == state
    href = href_of(day.wanted, day.on, today, state="" if is_chosen else state.value)
    tone = "attention" if number and state in ATTENTION else ""
    return Count(number, words, href if number or is_chosen else "", is_chosen, tone)
