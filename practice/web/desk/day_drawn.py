"""The board of a day, drawn once for as long as nothing that it shows changed, and the tag that browsers know it by.

The tag has two halves: who is shown, for this sign-in, and how it looks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from flask import render_template, request
from markupsafe import Markup

from practice.db import db
from practice.domain.intervals import instant
from practice.domain.openings import Openings
from practice.models import Appointment
from practice.queries.appointments import appointments_of_day
from practice.queries.busy import Moment
from practice.web.board import STEP
from practice.web.desk.day_columns import Day, the_day
from practice.web.desk.day_shown import DayBoard, cards_of, day_board
from practice.web.desk.day_wanted import Wanted
from practice.web.drawings import Drawing, Drawings
from practice.web.frame import the_facts
from practice.web.sessions_shown import ARRIVES_WITHIN, View

SECOND: Final = timedelta(seconds=1)


class Asked(NamedTuple):
    """What a drawing depends on beside the moment and the time."""

    on: date
    wanted: Wanted
    hides_names: bool
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Drawing):
    """A board. ``look`` is the second half of its tag."""

    look: str

    @property
    def tag(self) -> str:
        """Return the ETag, without its quotes."""
        return f"{self.seen}.{self.look}"


_DRAWINGS: Final = Drawings[Asked, Drawn](most=32)


def drawn(on: date, today: date, wanted: Wanted, view: View, openings: Openings, moment: Moment) -> Drawn:
    """Return the board of a day: the one that was drawn last, or a new one. Costs one statement, or none."""
    asked = Asked(on, wanted, view.hides_names, request.root_path)
    return _DRAWINGS.get(asked, moment, view.now, lambda: _draw(read_day_of(on, wanted, view, openings), today, moment))


def read_day_of(on: date, wanted: Wanted, view: View, openings: Openings) -> Day:
    """Read the sessions of a day. One statement."""
    day = the_day(on, openings, wanted, view)
    found = appointments_of_day(db.session(), instant(day.span[0]), instant(day.span[1]))
    return day.with_sessions(found, cards_of(found, view))


def shown_on(day: Day) -> list[Appointment]:
    """Return the sessions that a page of this day shows in full."""
    return [each for each in day.appointments if day.takes(each)]


def _draw(day: Day, today: date, moment: Moment) -> Drawn:
    board = day_board(day, today)
    html = Markup(render_template("desk/_board.html", board=board))  # noqa: S704 - a template's own escaped output
    shown = shown_on(day)
    return Drawn(
        html=html,
        look=blake2b(html.encode(), digest_size=9).hexdigest(),
        content=_content(day, shown),
        shown=tuple(each.public_id for each in shown),
        moment=moment,
        since=day.view.now,
        until=_until(day, board),
    )


def _content(day: Day, shown: Sequence[Appointment]) -> bytes:
    """Return a digest of what is shown of whom. That time goes by changes nothing in it."""
    parts = [str(day.on), str(day.view.hides_names)]
    for each in shown:
        parts += [each.public_id, each.status, str(each.starts_at), str(each.ends_at)]
        for place in each.attendances:
            told = (place.late_minutes, place.fee_noted_at)
            parts += [place.public_id, place.status, str(told), day.view.name_of(place.client)]
    return blake2b("\n".join(parts).encode(), digest_size=16).digest()


def _until(day: Day, board: DayBoard) -> datetime:
    """Return the next instant at which the board looks different although nothing was changed."""
    now = day.view.now
    if any(row.therapist_id not in day.rules.therapist_by_id for each in day.appointments for row in each.therapists):
        return now  # somebody has left: no revision that is asked for tells of their sessions
    return min((at for at in _instants(day, board) if at > now), default=instant(day.span[1]) + timedelta(days=36500))


def _instants(day: Day, board: DayBoard) -> Iterator[datetime]:
    yield from map(instant, day.span)
    if day.is_today:
        yield instant((day.now // STEP + 1) * STEP)
    free_cancel = timedelta(hours=the_facts().free_cancel_hours)
    for each in day.appointments:
        yield from (each.starts_at - free_cancel, each.starts_at - free_cancel + SECOND)
        yield from (each.starts_at - ARRIVES_WITHIN + SECOND, each.starts_at, each.ends_at)
        yield from (each.starts_at + timedelta(minutes=place.late_minutes or 0) for place in each.attendances)
    if board.free is not None:
        yield from (each.starts_at + SECOND for each in board.free.times)
