"""Open times as the desk sees them: with anyone or with one therapist, from any day on."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request

from practice.db import db
from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import NotFound
from practice.domain.rule_book import RuleBook, Service
from practice.domain.slots import therapists_offering
from practice.queries.near import near_times
from practice.queries.slots import times_of
from practice.web.calendar_days import read_day
from practice.web.desk.options import Option
from practice.web.frame import the_facts
from practice.web.presenting import format_zone, habit_of
from practice.web.slot_days import Day
from practice.web.times_shown import days_of, week_of


@dataclass(frozen=True, slots=True)
class TimesPage:
    """A week of times; ``kept`` are hidden fields that the form above them sends along."""

    zone: str
    words: str
    days: tuple[Day, ...]
    therapists: tuple[Option, ...]
    therapist: str
    since: str
    earlier: str
    later: str


def times_page(
    service: Service,
    rules: RuleBook,
    prefix: str,
    *,
    therapist: str | None = None,
    asking: Asking = NOT_ASKING,
) -> TimesPage:
    """Return the times that ?therapist= and ?from= ask for; each one's link is ``prefix`` and its value."""
    asked = request.args.get("therapist", therapist or "")
    since = read_day(request.args["from"]) if request.args.get("from") else None
    if asked and asked not in rules.therapist_by_slug:
        raise NotFound
    times = times_of(db.session(), service.slug, asked or None, viewer="staff", now=g.now, asking=asking)
    zone, facts = rules.practice.zone, the_facts()
    week = week_of(times, since, zone, None)
    shown = days_of(
        week.slots if week else (), rules, habit_of(facts.locale), meet=None, names_therapist=not asked, prefix=prefix
    )
    offering = therapists_offering(rules, service, "staff")
    return TimesPage(
        zone=format_zone(zone),
        words=week.words if week else "",
        days=shown,
        therapists=(
            Option("", "Anyone", not asked),
            *(Option(each.slug, each.name, each.slug == asked) for each in offering),
        ),
        therapist=asked,
        since=since.isoformat() if since else "",
        earlier=week.earlier.isoformat() if week and week.earlier else "",
        later=week.later.isoformat() if week and week.later else "",
    )


def other_days(
    service: Service, rules: RuleBook, therapist: str, around: datetime, asking: Asking = NOT_ASKING
) -> tuple[Day, ...]:
    """Return a few times close to one that was lost, for a form to offer."""
    return near_days(service, rules, therapist, around, "", asking)


def near_days(
    service: Service,
    rules: RuleBook,
    therapist: str,
    around: datetime,
    prefix: str,
    asking: Asking = NOT_ASKING,
) -> tuple[Day, ...]:
    """Return a few times close to one; each one's link is ``prefix`` and its value."""
    _, slots = near_times(db.session(), service.slug, therapist, around, viewer="staff", now=g.now, asking=asking)
    habit = habit_of(the_facts().locale)
    return days_of(slots, rules, habit, meet=None, names_therapist=True, prefix=prefix)
