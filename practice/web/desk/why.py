"""Why a time is not offered: every start of a day, with its reason in staff's words."""

from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.explaining import Verdict
from practice.domain.intervals import instant
from practice.domain.permissions import Permission
from practice.domain.rule_book import Audience
from practice.queries.busy import current_rules
from practice.queries.explained import ExplainedDay, explained_day
from practice.web.access import requires
from practice.web.calendar_days import read_day, today_here
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.desk.blueprint import bp
from practice.web.desk.options import Option
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_time, format_zone, habit_of

VIEWERS = {"public": "A stranger", "clients": "A client", "staff": "The desk"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A start, or several with the same answer: offered, or why not."""

    when: str
    is_offered: bool
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The question, and its answers."""

    services: tuple[Option, ...]
    therapists: tuple[Option, ...]
    viewers: tuple[Option, ...]
    on: str
    heading: str
    zone: str
    answers: tuple[Answer, ...]


@bp.get("/why")
@requires(Permission.DESK)
def why() -> ResponseReturnValue:
    """Explain every start of a day."""
    asked = {name: request.args.get(name, "") for name in ("service", "therapist", "viewer", "on")}
    viewer = asked["viewer"] or "clients"
    on = read_day(asked["on"]) if asked["on"] else today_here()
    if viewer not in VIEWERS:
        raise NotFound
    day = None
    if asked["service"] and asked["therapist"]:
        day = explained_day(
            db.session(), asked["service"], asked["therapist"], on, viewer=cast("Audience", viewer), now=g.now
        )
    rules = current_rules(db.session())
    page = WhyPage(
        services=_options([(each.slug, each.name) for each in rules.services], asked["service"]),
        therapists=_options([(each.slug, each.name) for each in rules.therapists], asked["therapist"]),
        viewers=_options(list(VIEWERS.items()), viewer),
        on=on.isoformat(),
        heading=f"{day.service.name} with {day.therapist.name}, {format_day(on)}" if day else "",
        zone=format_zone(day.zone) if day else "",
        answers=_answers(day) if day else (),
    )
    return render_template("desk/why.html", page=page)


def _options(pairs: list[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in pairs)


def _answers(day: ExplainedDay) -> tuple[Answer, ...]:
    """Return the answers in order, starts in a row that have the same one together."""
    habit = habit_of(the_facts().locale)
    found = []
    for (words, subject), group in groupby(day.verdicts, lambda verdict: _words(verdict, day)):
        starts = [format_time(instant(verdict.start), day.zone, habit) for verdict in group]
        when = starts[0] if len(starts) == 1 else f"{starts[0]} to {starts[-1]}"
        href = href_of_appointment(subject) if subject else ""
        found.append(Answer(when, not words, words, href))
    return tuple(found)


def _words(verdict: Verdict, day: ExplainedDay) -> tuple[str, str]:
    """Return why a start is not offered ("" where it is), and the appointment that is in the way."""
    reason = verdict.reason
    return ("", "") if reason is None else (reason.for_staff(day.zone), reason.subject)
