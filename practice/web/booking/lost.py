"""A time that went to somebody else: said calmly, with others that are close to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from practice.db import as_practice_error, db
from practice.domain.asking import Asking
from practice.domain.errors import EnoughHeld, NotFound, NotOffered, PracticeError, SlotTaken
from practice.domain.rule_book import Audience
from practice.queries.near import near_times
from practice.web.booking.blueprint import bp
from practice.web.booking.path import Chosen, asking_of, path_of
from practice.web.errors import handle_database_error, handle_practice_error
from practice.web.frame import the_facts
from practice.web.presenting import format_phone, format_zone, habit_of
from practice.web.slot_days import Day
from practice.web.times_shown import days_of


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody is about to take: noted before it is tried."""

    service: str
    therapist: str | None
    around: datetime
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class LostPage:
    """Other times close to the one that is gone; with ``hidden`` a press keeps one, otherwise it is only shown."""

    title: str
    words: str
    zone: str
    days: tuple[Day, ...]
    keep_href: str
    hidden: dict[str, str]
    again_href: str
    call_href: str
    call_words: str


def about_to_take(service: str, therapist: str | None, around: datetime, chosen: Chosen) -> None:
    """Note what is tried, so that whoever loses it is shown what is close to it."""
    g.about_to_take = Lost(service, therapist, around, chosen)


@bp.errorhandler(SlotTaken)
@bp.errorhandler(NotOffered)
def offer_others(error: PracticeError) -> ResponseReturnValue:
    """Answer a lost race with other times."""
    lost: Lost | None = g.get("about_to_take")
    if lost is None:
        return handle_practice_error(error)
    try:
        page = _page(error, lost)
    except NotFound:
        return handle_practice_error(error)
    return render_template("booking/lost.html", page=page), error.status


@bp.errorhandler(EnoughHeld)
def keep_no_more(error: EnoughHeld) -> ResponseReturnValue:
    """Say calmly that enough times are kept, and how to go on."""
    facts = the_facts()
    phone = format_phone(facts.phone, facts.country) if facts.phone else ""
    page = render_template("booking/enough.html", phone=phone, href=f"tel:{facts.phone}", minutes=facts.hold_minutes)
    return page, error.status, {"Retry-After": str(error.detail.get("retry_after", 60))}


@bp.errorhandler(DBAPIError)
def offer_others_for(error: DBAPIError) -> ResponseReturnValue:
    """Answer a race that the database decided in the same way."""
    known = as_practice_error(error)
    return offer_others(known) if isinstance(known, SlotTaken) else handle_database_error(error)


def _page(error: PracticeError, lost: Lost) -> LostPage:
    viewer: Audience = "clients" if g.identity.client_ids else "public"
    facts, chosen = the_facts(), lost.chosen
    times, slots = near_times(
        db.session(),
        lost.service,
        lost.therapist,
        lost.around,
        viewer=viewer,
        now=g.now,
        modality=chosen.meet,
        asking=asking_of(path_of(lost.service), chosen) if chosen.who else Asking(chosen.length, region=chosen.region),
    )
    prefix = chosen.address("booking.time", lost.service)
    prefix += "&at=" if "?" in prefix else "?at="
    return LostPage(
        title="Something else is free" if slots else "That time is gone",
        words=error.message if slots else "That time has just been taken, and nothing close to it is free.",
        zone=format_zone(times.rules.practice.zone),
        days=days_of(slots, times.rules, habit_of(facts.locale), meet=chosen.meet, names_therapist=True, prefix=prefix),
        keep_href=url_for("booking.keep", slug=lost.service),
        hidden=replace(chosen, at="").query() if chosen.who else {},
        again_href=replace(chosen, at="").address("booking.time", lost.service),
        call_href=f"tel:{facts.phone}" if facts.phone else "",
        call_words=format_phone(facts.phone, facts.country) if facts.phone else "",
    )
