"""What the page of a series shows staff, and what the page of a session says of its series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import g

from practice.db import db
from practice.domain.lifecycle import UNDO_FOR
from practice.models import Appointment, AppointmentStatus, Client, Series
from practice.queries.series import (
    InSeries,
    named_in,
    people_of,
    rule_of,
    series_by_id,
    sessions_of,
    standing_of,
)
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_moment, format_span, format_zone, habit_of, join_words
from practice.web.series.repeating import can_repeat
from practice.web.series.side import Side
from practice.web.series.words import end_words, rule_words, standing_words
from practice.web.shell import Link


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """What a session's page says of its series; without one, ``repeat_href`` leads to where one is made."""

    words: str
    href: str
    moves: tuple[Link, ...]
    cancels: tuple[Link, ...]
    repeat_href: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One date of a series."""

    day: str
    time: str
    note: str
    is_ended: bool
    href: str


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series with all of its dates; ``move_href`` and ``cancel_href`` change all that are to come."""

    title: str
    facts: tuple[Fact, ...]
    coming: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]
    move_href: str
    cancel_href: str
    undo_href: str


def series_part(side: Side, appointment: Appointment, *, one: Sequence[Link] = ()) -> SeriesPart:
    """Return what to say of a session's series. ``one`` are the ways to move and to cancel this session alone."""
    series, original = series_by_id(db.session(), appointment.series_id), appointment.original_starts_at
    if series is None or original is None:
        repeat_href = side.url("series_repeat", appointment.public_id) if can_repeat(appointment) else ""
        return SeriesPart("", "", (), (), repeat_href)
    is_kept = appointment.status == AppointmentStatus.BOOKED
    if is_kept:
        words = standing_words(series, standing_of(db.session(), series.id, original))
    else:
        words = rule_words(rule_of(series), habit_of(the_facts().locale))
    href = side.url("series", series.public_id)
    if not is_kept or appointment.starts_at <= g.now:
        return SeriesPart(words, href, (), (), "")
    rest, every = "This one and those after it", "All that are to come"

    def ways(page: str) -> tuple[Link, ...]:
        since = side.url(page, series.public_id, since=appointment.public_id)
        return Link(rest, since), Link(every, side.url(page, series.public_id))

    return SeriesPart(words, href, (*one[:1], *ways("series_move")), (*one[1:], *ways("series_cancel")), "")


def series_page(side: Side, series: Series) -> SeriesPage:
    """Return the page of a series."""
    sessions = sessions_of(db.session(), series.id)
    rows = [(each, _row(side, each, series)) for each in sessions]
    coming = tuple(row for each, row in rows if each.is_kept and each.starts_at > g.now)
    can_undo = series.ended_at is not None and g.now < series.ended_at + UNDO_FOR
    id_ = series.public_id
    return SeriesPage(
        title=title_of(series),
        facts=_facts(series),
        coming=coming,
        past=tuple(row for each, row in rows if not (each.is_kept and each.starts_at > g.now)),
        move_href=side.url("series_move", id_) if coming else "",
        cancel_href=side.url("series_cancel", id_) if coming else "",
        undo_href=side.url("series_undo", id_) if can_undo and _was_cancelled(series, sessions) else "",
    )


def title_of(series: Series) -> str:
    """Return the names of those who come to a series."""
    return names_of(people_of(db.session(), series.id))


def names_of(people: Sequence[Client]) -> str:
    """Return names as a title says them."""
    return join_words([each.display_name for each in people]) or "Nobody"


def since_of(sessions: Sequence[InSeries], public_id: str) -> datetime | None:
    """Return the original start of the session that an address names, or None where it names none: all to come."""
    return next((each.original_starts_at for each in sessions if each.public_id == public_id), None)


def rest_of(sessions: Sequence[InSeries], since: datetime | None) -> list[InSeries]:
    """Return the sessions that are still to come, from an original start on."""
    coming = (each for each in sessions if each.is_kept and each.starts_at > g.now)
    return [each for each in coming if since is None or each.original_starts_at >= since]


def _was_cancelled(series: Series, sessions: Sequence[InSeries]) -> bool:
    return any(each.cancelled_at == series.ended_at for each in sessions)


def _facts(series: Series) -> tuple[Fact, ...]:
    facts = the_facts()
    habit, rule = habit_of(facts.locale), rule_of(series)
    names = named_in(db.session(), series)
    ended = f"Ended on {format_moment(series.ended_at, facts.zone, habit)}" if series.ended_at else ""
    return (
        Fact("How often", f"{rule_words(rule, habit)}\n{format_zone(rule.zone)}"),
        Fact("How long", ended or end_words(rule, _today(series))),
        Fact("Therapist", names.therapist),
        Fact("Service", names.service),
        Fact("Where", names.place or "Online"),
    )


def _today(series: Series) -> date:
    today: date = g.now.astimezone(ZoneInfo(series.zone)).date()
    return today


def _row(side: Side, each: InSeries, series: Series) -> SessionRow:
    habit = habit_of(the_facts().locale)
    on = each.starts_at.astimezone(ZoneInfo(series.zone)).date()
    note = "" if each.is_kept else "Cancelled"
    if each.is_kept and each.is_moved:
        note = f"Instead of {format_moment(each.original_starts_at, series.zone, habit)}"
    return SessionRow(
        day=format_day(on, relative_to=_today(series)),
        time=format_span(each.starts_at, each.ends_at, series.zone, habit),
        note=note,
        is_ended=not each.is_kept,
        href=side.session_href(each.public_id),
    )
