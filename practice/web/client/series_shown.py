"""What the pages of a client's series show."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import g, url_for

from practice.db import db
from practice.domain.lifecycle import UNDO_FOR
from practice.models import Series
from practice.queries.series import InSeries, named_in, rule_of
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_moment, format_span, format_zone, habit_of
from practice.web.series.consequences import Consequence, consequences_of, sum_words
from practice.web.series.words import every_words, rule_words


@dataclass(frozen=True, slots=True)
class DateView:
    """One date of a series."""

    day: str
    span: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its dates; ``cancel_href`` cancels all that are to come."""

    heading: str
    facts: tuple[Fact, ...]
    coming: tuple[DateView, ...]
    past: tuple[DateView, ...]
    is_open_ended: bool
    cancel_href: str
    undo_href: str


@dataclass(frozen=True, slots=True)
class CancelView:
    """The sessions that would be cancelled, each with what that means, and all of it in a sentence."""

    heading: str
    rows: tuple[Consequence, ...]
    words: str
    since: str
    here: str
    action: str


def series_view(series: Series, places: Sequence[InSeries], *, can_change: bool) -> SeriesView:
    """Return the page of a series."""
    facts, names = the_facts(), named_in(db.session(), series)
    rule, habit, id_ = rule_of(series), habit_of(facts.locale), series.public_id
    coming = [each for each in places if each.is_kept and each.starts_at > g.now]
    ended_at = series.ended_at
    was_cancelled = any(each.cancelled_at == ended_at for each in places) and ended_at is not None
    can_undo = can_change and was_cancelled and ended_at is not None and g.now < ended_at + UNDO_FOR
    return SeriesView(
        heading=f"{names.service}, {every_words(series.every_weeks).lower()}",
        facts=(
            Fact("When", f"{rule_words(rule, habit)}\n{format_zone(rule.zone)}"),
            Fact("With", names.therapist),
            Fact("Where", names.place or "Online"),
        ),
        coming=tuple(_date(each, series) for each in coming),
        past=tuple(_date(each, series) for each in reversed(places) if each not in coming),
        is_open_ended=rule.is_open_ended and ended_at is None,
        cancel_href=url_for(".series_cancel", public_id=id_) if can_change and coming else "",
        undo_href=url_for(".series_undo", public_id=id_) if can_undo else "",
    )


def cancel_view(series: Series, rest: Sequence[InSeries], since: str) -> CancelView:
    """Return what cancelling the rest of a series means."""
    rows = consequences_of(db.session(), [each.id for each in rest], series.zone)
    heading = "Cancel this session" if len(rows) == 1 else f"Cancel {len(rows)} sessions"
    here, action = (url_for(f".{page}", public_id=series.public_id) for page in ("series", "series_cancel_now"))
    return CancelView(heading if rows else "Nothing is left to cancel", rows, sum_words(rows), since, here, action)


def _date(each: InSeries, series: Series) -> DateView:
    habit = habit_of(the_facts().locale)
    on = each.starts_at.astimezone(ZoneInfo(series.zone)).date()
    note = "" if each.is_kept else "Cancelled"
    if each.is_kept and each.is_moved:
        note = f"Instead of {format_moment(each.original_starts_at, series.zone, habit)}"
    return DateView(
        day=format_day(on, relative_to=g.now.astimezone(ZoneInfo(series.zone)).date()),
        span=format_span(each.starts_at, each.ends_at, series.zone, habit),
        note=note,
        href=url_for(".show", public_id=each.attendance),
    )
