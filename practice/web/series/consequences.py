"""What cancelling several sessions means for each, computed by the rule that is applied when they are cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy.orm import Session

from practice.domain.policy import cancellation
from practice.queries.series import open_places
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_money, format_span, habit_of


@dataclass(frozen=True, slots=True)
class Consequence:
    """One session: when it is, and what cancelling it now costs the client."""

    day: str
    time: str
    words: str
    fee_cents: int


def consequences_of(session: Session, appointment_ids: Sequence[int], zone: str = "") -> tuple[Consequence, ...]:
    """Return what cancelling each place in some sessions would mean now, by start; times are said in ``zone``."""
    facts = the_facts()
    habit = habit_of(facts.locale)
    rows = []
    for place in open_places(session, appointment_ids):
        meaning = cancellation(place.starts_at, place.terms(facts.free_cancel_hours, facts.late_fee_cents), now=g.now)
        fee = meaning.late_fee_cents or 0
        at = zone or place.zone
        on = place.starts_at.astimezone(ZoneInfo(at)).date()
        rows.append(
            Consequence(
                day=format_day(on, relative_to=g.now.date()),
                time=format_span(place.starts_at, place.ends_at, at, habit),
                words=f"The fee is {format_money(fee, facts.currency)}" if fee else "Free of charge",
                fee_cents=fee,
            )
        )
    return tuple(rows)


def sum_words(rows: Sequence[Consequence]) -> str:
    """ "Free of charge." or "The fee is $60 for one of them, the others are free of charge."."""
    late = [row for row in rows if row.fee_cents]
    if not late:
        return "Free of charge."
    fee = format_money(sum(row.fee_cents for row in late), the_facts().currency)
    of = "it" if len(rows) == 1 else "all of them" if len(late) == len(rows) else f"{_few(len(late))} of them"
    others = "" if len(late) == len(rows) else ", the others are free of charge" if len(rows) > 1 else ""
    return f"The fee is {fee} for {of}{others}."


def _few(number: int) -> str:
    return "one" if number == 1 else str(number)
