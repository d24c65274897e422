"""Why a time is not offered: on any day, at any time, with one therapist or with all of them."""

import re
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.intervals import instant
from practice.domain.permissions import Permission
from practice.domain.rule_book import Audience, RuleBook, Service, Therapist
from practice.domain.weekly_hours import date_of, minute_of
from practice.queries.busy import current_rules
from practice.web.access import requires
from practice.web.calendar_days import read_day, today_here
from practice.web.desk.blueprint import bp
from practice.web.desk.day_shown import href_of_day
from practice.web.desk.options import Option
from practice.web.desk.why_shown import Asked, Section, sections_of
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_moment, format_zone, habit_of

VIEWERS = {"public": "A stranger", "clients": "A client", "staff": "The desk"}
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
MINUTE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The question, and its answers."""

    services: tuple[Option, ...]
    therapists: tuple[Option, ...]
    viewers: tuple[Option, ...]
    on: str
    time: str
    heading: str
    zone: str
    sections: tuple[Section, ...]
    back_href: str


@bp.get("/why")
@requires(Permission.DESK)
def why() -> ResponseReturnValue:
    """Explain a time, or every start of a day."""
    rules = current_rules(db.session())
    asked = _asked(rules)
    return render_template("desk/why.html", page=_page(rules, asked))


def _asked(rules: RuleBook) -> Asked:
    """Read the address: ?start= is an epoch minute, as the board names times; the form sends ?on= and ?time=."""
    names = ("service", "therapist", "viewer", "on", "time", "start")
    sent = {name: request.args.get(name, "") for name in names}
    viewer = sent["viewer"] or "clients"
    service, therapist = rules.service_by_slug.get(sent["service"]), rules.therapist_by_slug.get(sent["therapist"])
    if viewer not in VIEWERS or (sent["service"] and not service) or (sent["therapist"] and not therapist):
        raise NotFound
    on, start = read_day(sent["on"]) if sent["on"] else today_here(), None
    if sent["start"]:
        start = read_minute(sent["start"])
        on = read_day(date_of(rules.practice.zone, start).isoformat())
    elif sent["time"]:
        found = CLOCK.fullmatch(sent["time"])
        if not found:
            raise NotFound
        start = minute_of(rules.practice.zone, on, int(found[1]) * 60 + int(found[2]))
    return Asked(service, therapist, on, start, cast("Audience", viewer))


def read_minute(text: str) -> int:
    """Return the epoch minute that an address names. Raises NotFound for anything else."""
    if not MINUTE.fullmatch(text):
        raise NotFound
    return int(text)


def _page(rules: RuleBook, asked: Asked) -> WhyPage:
    habit, zone = habit_of(the_facts().locale), rules.practice.zone
    sections = sections_of(rules, asked)
    heading = format_day(asked.on, relative_to=today_here())
    if asked.start is not None:
        heading = format_moment(instant(asked.start), zone, habit)
    return WhyPage(
        services=_options("Any service", [(each.slug, each.name) for each in rules.services], asked.service),
        therapists=_options("All therapists", [(each.slug, each.name) for each in rules.therapists], asked.therapist),
        viewers=tuple(Option(value, label, value == asked.viewer) for value, label in VIEWERS.items()),
        on=asked.on.isoformat(),
        time=f"{instant(asked.start).astimezone(ZoneInfo(zone)):%H:%M}" if asked.start is not None else "",
        heading=heading if sections else "",
        zone=format_zone(zone),
        sections=sections,
        back_href=href_of_day(asked.on),
    )


def _options(everything: str, pairs: list[tuple[str, str]], chosen: Service | Therapist | None) -> tuple[Option, ...]:
    slug = chosen.slug if chosen else ""
    return (Option("", everything, not slug), *(Option(value, label, value == slug) for value, label in pairs))
