"""What the list of calls shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g, url_for

from practice.queries.calls import Call
from practice.web.call_times import BEST_TIMES
from practice.web.desk.clients_shown import PER_PAGE, page_links
from practice.web.frame import the_facts
from practice.web.paging import PageLinks
from practice.web.presenting import format_phone, format_time, habit_of, relative_day
from practice.web.shell import Link


@dataclass(frozen=True, slots=True)
class CallRow:
    """Somebody to call, or who was called; ``step_href`` is where the one button leads."""

    name: str
    phone: str
    phone_words: str
    best_time: str
    about: str
    asked: str
    answered: str
    step_href: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    """The list; ``undo_href`` takes back what was noted last."""

    rows: tuple[CallRow, ...]
    tabs: tuple[Link, ...]
    links: PageLinks
    is_answered: bool
    undo_href: str


def calls_page(found: Sequence[Call], number: int, *, is_answered: bool, undo: str) -> CallsPage:
    """Return a page of the list; ``found`` holds one row more where another page follows."""
    rows = tuple(_row(call) for call in found[:PER_PAGE])
    kept = {"answered": "yes"} if is_answered else {}
    waiting = the_facts().calls_waiting
    return CallsPage(
        rows=rows,
        tabs=(
            Link(f"To call ({waiting})" if waiting else "To call", url_for("desk.calls"), not is_answered),
            Link("Called", url_for("desk.calls", answered="yes"), is_answered),
        ),
        links=page_links("desk.calls", number, len(rows), has_more=len(found) > PER_PAGE, **kept),
        is_answered=is_answered,
        undo_href=url_for("desk.call_waiting", public_id=undo) if undo else "",
    )


def _row(call: Call) -> CallRow:
    step = "desk.call_waiting" if call.answered_at else "desk.call_answered"
    return CallRow(
        name=call.name,
        phone=call.phone,
        phone_words=format_phone(call.phone, the_facts().country),
        best_time=BEST_TIMES[call.best_time],
        about=" with ".join(part for part in (call.service, call.therapist) if part) or "Not said",
        asked=_moment(call.created_at),
        answered=" by ".join(part for part in (_moment(call.answered_at), call.answered_by) if part)
        if call.answered_at
        else "",
        step_href=url_for(step, public_id=call.public_id),
    )


def _moment(moment: datetime) -> str:
    """ "Today, 9:12 AM"."""
    facts = the_facts()
    place = ZoneInfo(facts.zone)
    day = relative_day(moment.astimezone(place).date(), g.now.astimezone(place).date())
    return f"{day}, {format_time(moment, facts.zone, habit_of(facts.locale))}"
