"""A therapist's days, drawn once for as long as nothing that they show changed, as the desk's board is.

What is drawn stands on a moment (revisions of rules, therapists and rooms) and on the time of day; both are asked for
or known without reading a single session.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from flask import current_app, g, render_template
from markupsafe import Markup
from sqlalchemy import Engine

from practice.db import db
from practice.domain.intervals import instant
from practice.domain.weekly_hours import minute_of
from practice.queries.busy import Moment
from practice.web.sessions_shown import ARRIVES_WITHIN
from practice.web.therapist.days_shown import Days
from practice.web.therapist.week_shown import CalendarPage

KEPT: Final = 256
MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)


class Asked(NamedTuple):
    """What a drawing depends on beside the moment and the time; ``root`` is where the application's addresses begin."""

    therapist_id: int
    view: str
    first: str
    root: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page's main part as it looks from ``since`` until ``until``, unless ``moment`` passes."""

    page: CalendarPage
    html: Markup
    shown: tuple[str, ...]
    content: bytes
    moment: Moment
    since: datetime
    until: datetime

    def stands(self, moment: Moment, now: datetime) -> bool:
        """Whether it still looks like that."""
        return self.moment == moment and self.since <= now < self.until

    @property
    def seen(self) -> str:
        """Return what this sign-in has seen once it has got this."""
        key = str(current_app.secret_key).encode()[:64]
        return blake2b(g.identity.session_id.encode() + self.content, digest_size=9, key=key).hexdigest()


_kept: "WeakKeyDictionary[Engine, OrderedDict[Asked, Drawn]]" = WeakKeyDictionary()
_lock = Lock()


def drawn(asked: Asked, moment: Moment, now: datetime, make: Callable[[], tuple[Days, CalendarPage]]) -> Drawn:
    """Return the page that was drawn last, or the one that ``make`` reads and makes."""
    with _lock:
        kept = _kept.setdefault(db.engines[None], OrderedDict())
        found = kept.get(asked)
    if found is None or not found.stands(moment, now):
        found = _draw(*make(), asked, moment)
        with _lock:
            kept[asked] = found
            kept.move_to_end(asked)
            while len(kept) > KEPT:
                kept.popitem(last=False)
    return found


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
