"""Booking into free time of the board: which services fit there, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.explaining import Question, explain, verdict_at
from practice.domain.intervals import DAY, Span, instant
from practice.domain.slots import Slot
from practice.domain.weekly_hours import date_of
from practice.queries.busy import current_rules
from practice.queries.clients import client_by_public_id
from practice.queries.explained import questions_about
from practice.web.calendar_days import read_day
from practice.web.desk.day_shown import href_of_day
from practice.web.desk.overriding import weighed
from practice.web.desk.path import choices_of
from practice.web.desk.why import read_minute
from practice.web.desk.why_rules import Case, Links, rule_links, rule_words
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_span, format_zone, habit_of, humanize_minutes
from practice.web.shell import Link
from practice.web.slot_days import Day
from practice.web.times_shown import days_of

AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Fitting:
    """A service, and the starts at which it fits; where it does not, why not and where that rule stands.

    ``anyway_href`` leads to booking it all the same, with a reason.
    """

    name: str
    length: str
    days: tuple[Day, ...]
    words: str
    links: tuple[Link, ...]
    anyway_href: str = ""


@dataclass(frozen=True, slots=True)
class GapPage:
    """Free time of a therapist, and what can be booked into it; ``client`` is who comes, where that is known."""

    heading: str
    therapist: str
    client: str
    zone: str
    fitting: tuple[Fitting, ...]
    others: tuple[Fitting, ...]
    back_href: str
    why_href: str


def gap_page(args: Mapping[str, str], client: str) -> GapPage:
    """Return what ?start=, ?until= (epoch minutes) and ?therapist= ask for. Raises NotFound for what makes no sense."""
    rules = current_rules(db.session())
    therapist = rules.therapist_by_slug.get(args.get("therapist", ""))
    known = client_by_public_id(db.session(), client) if client else None
    start = read_minute(args["start"])
    until = read_minute(args["until"]) if args.get("until") else start + AN_HOUR
    on = read_day(date_of(rules.practice.zone, start).isoformat())
    if therapist is None or not start < until <= start + DAY or (client and known is None):
        raise NotFound
    span, zone, links = (start, until), rules.practice.zone, Links()
    questions = questions_about(db.session(), rules, rules.services, [therapist], span, viewer="staff", now=g.now)
    found = [_fitting(question, span, client, links) for question in questions]
    return GapPage(
        heading=f"{format_day(on)}, {format_span(instant(start), instant(until), zone, habit_of(the_facts().locale))}",
        therapist=therapist.name,
        client=known.display_name if known else "",
        zone=format_zone(zone),
        fitting=tuple(each for each in found if each.days),
        others=tuple(each for each in found if not each.days),
        back_href=href_of_day(on),
        why_href=url_for("desk.why", therapist=therapist.slug, start=start),
    )


def _fitting(question: Question, span: Span, client: str, links: Links) -> Fitting:
    service, therapist, rules = question.service, question.therapist, question.rules
    slots = [Slot(each.start, therapist.id, each.ways) for each in explain(question, span) if each.ways]
    step = url_for("desk.book_who", slug=service.slug, client=client or None)
    prefix = f"{step}{'&' if client else '?'}at="
    habit = habit_of(the_facts().locale)
    reason = None if slots else verdict_at(question, span[0]).reason
    case = Case(reason, question, span[0]) if reason else None
    anyway = None if slots else weighed(question, span[0], choices_of(rules, service, therapist))
    return Fitting(
        name=service.name,
        length=humanize_minutes(service.duration_minutes),
        days=days_of(slots, rules, habit, meet=None, names_therapist=False, prefix=prefix),
        words=rule_words(case) if case else "",
        links=rule_links(case, links) if case else (),
        anyway_href=f"{prefix}{span[0]}.{therapist.slug}" if anyway and service.kind != "group" else "",
    )
