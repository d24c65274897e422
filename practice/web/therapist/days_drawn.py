"""A therapist's days, drawn once for as long as nothing that they show changed, as the desk's board is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from flask import render_template
from markupsafe import Markup

from practice.domain.intervals import instant
from practice.domain.weekly_hours import minute_of
from practice.queries.busy import Moment
from practice.web.drawings import Drawing, Drawings
from practice.web.sessions_shown import ARRIVES_WITHIN
from practice.web.therapist.days_shown import Days
from practice.web.therapist.week_shown import CalendarPage

MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)


class Asked(NamedTuple):
    """What a drawing depends on beside the moment and the time; ``root`` is where the application's addresses begin."""

    therapist_id: int
    view: str
    first: str
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Drawing):
    """A page's main part, and the page that it is of."""

    page: CalendarPage


_DRAWINGS: Final = Drawings[Asked, Drawn](most=256)


def drawn(asked: Asked, moment: Moment, now: datetime, make: Callable[[], tuple[Days, CalendarPage]]) -> Drawn:
    """Return the page that was drawn last, or the one that ``make`` reads and makes."""
    return _DRAWINGS.get(asked, moment, now, lambda: _draw(*make(), asked, moment))


def _draw(days: Days, page: CalendarPage, asked: Asked, moment: Moment) -> Drawn:
    html = Markup(render_template("therapist/_days.html", page=page, view=asked.view))  # noqa: S704 - escaped by it
    return Drawn(
        page=page,
        html=html,
        shown=tuple(each.public_id for each in days.entries),
        content=blake2b(repr((asked, days.entries)).encode(), digest_size=16).digest(),
        moment=moment,
        since=days.now,
        until=_until(days, page),
    )


def _until(days: Days, page: CalendarPage) -> datetime:
    """Return the next instant at which the page looks different although nothing was changed."""
    if page.is_current:
        return days.now.replace(second=0, microsecond=0) + MINUTE
    soon = [each.starts_at - ARRIVES_WITHIN for each in days.entries]
    midnight = instant(minute_of(days.zone, days.today + ONE_DAY, 0))
    return min([midnight, *(at for at in soon if at > days.now)])
