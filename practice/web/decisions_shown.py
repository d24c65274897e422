"""What is put to a therapist, as their page and the desk's show it. Each kind of question is a row of ``SHOWN``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from flask import url_for
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.intervals import instant, minute_floor
from practice.domain.lifecycle import GIVEN_UP
from practice.domain.reasons import WORDS, Code
from practice.domain.rule_book import Modality
from practice.models import Appointment, BelowMinimum, DecisionKind
from practice.queries.busy import current_rules
from practice.queries.decisions import Asked
from practice.queries.near import near_times
from practice.queries.series import rule_of
from practice.services.series_ahead import plan_around
from practice.web.facts import Fact
from practice.web.forms.base import BaseForm
from practice.web.presenting import format_day, format_moment, format_span, join_words
from practice.web.reaching import reach_words
from practice.web.series.words import rule_words
from practice.web.sessions_shown import View, where_of

OTHER: Final = "other"
DECLINED: Final[Mapping[str, str]] = {
    "time": "That time does not work after all",
    "fit": "Somebody else here may fit better",
    "talk": "We would like to talk first",
    "full": "There is no room for new sessions at the moment",
}


class AnswerForm(BaseForm):
    """An answer, and where it has a list to choose from, what was chosen."""

    answer = HiddenField("Answer", [InputRequired("Choose an answer.")])
    choice = RadioField("Reason", [Optional()], choices=[], validate_choice=False)


class Answer(NamedTuple):
    """A button: what is posted, its words, what it means, and a list from which something may, or must, be chosen."""

    answer: str
    label: str
    means: str
    kind: str = "secondary"
    choices: Sequence[tuple[str, str]] = ()
    choices_label: str = ""
    must_choose: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What one kind shows of a question: ``said`` are words for each outcome, once it is answered."""

    title: str
    facts: tuple[Fact, ...]
    by_itself: str
    answers: tuple[Answer, ...]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One question; ``answered`` says how it ended, and is "" while it is open."""

    title: str
    facts: tuple[Fact, ...]
    by_itself: str
    answers: tuple[Answer, ...]
    answered: str
    list_href: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A question in the list."""

    title: str
    about: str
    therapist: str
    until: str
    href: str


def request_shown(asked: Asked, view: View) -> Shown:
    """Return a request for a session."""
    return Shown(
        title="A request for a session",
        facts=session_facts(asked.appointment, view),
        by_itself="If nobody answers by then, the time goes back, and they are told kindly that this was on our side.",
        answers=(
            Answer("accept", "Accept", "It is booked then. Whoever chose e-mail is told at once.", kind=""),
            Answer(
                "decline",
                "Decline",
                "The time goes back. Whoever chose e-mail is told at once, with the reason where you choose one.",
                choices=tuple(DECLINED.items()),
                choices_label="Reason",
            ),
        ),
        said={
            "accept": "Accepted: the session is booked.",
            "decline": "Declined: the time is free again.",
            "lapse": "Nobody answered in time: the time is free again.",
            "withdraw": "The request was taken back by whoever asked.",
        },
    )


def series_shown(asked: Asked, view: View) -> Shown:
    """Return a date that a series could not have."""
    series, original = asked.series, asked.decision.original_starts_at
    when = format_moment(original, view.zone, view.habit) if original else ""
    names = [view.name_of(each) for each in asked.clients]
    return Shown(
        title="A date of a series",
        facts=(
            Fact("When", when),
            Fact("For", join_words(names)),
            Fact("Why it cannot be", WORDS.get(Code(asked.decision.code), "")),
            Fact("Repeats", rule_words(rule_of(series), view.habit) if series else ""),
        ),
        by_itself="",
        answers=(
            Answer(
                OTHER,
                "Another time",
                "Whoever chose e-mail is told the new time.",
                kind="",
                choices_label="Time",
                must_choose=True,
            ),
            Answer("skip", "Leave it out", "There is no session on this date. The series goes on after it."),
            Answer(
                "stop",
                "End the series before it",
                "Sessions after this date are cancelled at no cost, and whoever chose e-mail is told.",
            ),
        ),
        said={
            "skip": "Left out: the series goes on after this date.",
            OTHER: "The session is booked at the other time.",
            "stop": "The series ends before this date.",
            "ended": "The series has ended before this date.",
        },
    )


def minimum_shown(asked: Asked, view: View) -> Shown:
    """Return a group's date to which few people come. Whoever comes is counted and not named."""
    date = asked.appointment
    when = session_facts(date, view)[:1]
    comes = sum(row.status not in GIVEN_UP for row in date.attendances) if date else 0
    cancels = date is not None and date.below_minimum == BelowMinimum.CANCEL
    default = "it is cancelled, and all who come are told by e-mail" if cancels else "it takes place"
    return Shown(
        title="Few people come to a group",
        facts=(
            *when,
            Fact("Group", date.service.name if date else ""),
            Fact("People who come", f"{comes}, and the fewest is {date.minimum}" if date else ""),
            Fact("Where", where_of(date) if date else ""),
        ),
        by_itself=f"If nobody decides by then, {default}.",
        answers=(
            Answer("go_on", "It takes place", "Nobody is told anything, and places can still be booked.", kind=""),
            Answer("cancel", "Cancel it", "All who come are told by e-mail, and it costs nobody anything."),
        ),
        said={
            "go_on": "It takes place.",
            "cancel": "It is cancelled, and all who come are told.",
            "lapse": "The question does not arise any more.",
        },
    )


def partner_shown(asked: Asked, view: View) -> Shown:
    """Return a session to which one of two does not come. Why not is not known here, and not told anybody."""
    session = asked.appointment
    places = session.attendances if session else []
    comes = [view.name_of(row.client) for row in places if row.status not in GIVEN_UP]
    stays_away = [view.name_of(row.client) for row in places if row.status in GIVEN_UP]
    about = [fact for fact in session_facts(session, view) if fact.label != "For"]
    return Shown(
        title="One of two is not coming",
        facts=(
            *about[:1],
            Fact("Comes", join_words(comes)),
            Fact("Does not come", join_words(stays_away)),
            *about[1:],
        ),
        by_itself="If nobody decides by then, it takes place with the one who comes.",
        answers=(
            Answer("go_on", "Keep it with the one who comes", "Nothing changes, and nobody is written to.", kind=""),
            Answer(
                OTHER,
                "Another time",
                "It moves for the one who comes, who is told the new time and not why.",
                choices_label="Time",
                must_choose=True,
            ),
            Answer(
                "cancel",
                "Cancel it for both",
                "It costs nobody anything. The one who comes is told that it is cancelled, and not why.",
            ),
        ),
        said={
            "go_on": "It takes place with the one who comes.",
            OTHER: "The session has moved for the one who comes.",
            "cancel": "The session is cancelled for both.",
            "withdraw": "Both come after all.",
            "lapse": "The question does not arise any more.",
        },
    )


def partner_times(asked: Asked, view: View) -> Sequence[tuple[str, str]]:
    """Return a few times close to a session for two at which its therapist is free."""
    session = asked.appointment
    if session is None:
        return ()
    lead, modality = session.lead.slug, cast("Modality", session.modality)
    try:
        times, slots = near_times(
            db.session(), session.service.slug, lead, session.starts_at, viewer="staff", now=view.now, modality=modality
        )
    except NotFound:  # the service is not offered any more
        return ()
    own = times.rules.therapist_by_slug[lead].id
    starts = [instant(slot.start) for slot in slots if slot.therapist_id == own]
    return [(str(minute_floor(at)), format_moment(at, view.zone, view.habit)) for at in starts]


def other_times(asked: Asked, view: View) -> Sequence[tuple[str, str]]:
    """Return a few times close to a date of a series at which it could be, as a form offers them."""
    series, original = asked.series, asked.decision.original_starts_at
    if series is None or original is None or series.therapist_id not in current_rules(db.session()).therapist_by_id:
        return ()
    plan = plan_around(db.session(), current_rules(db.session()), series, original, now=view.now)
    starts = plan.near(minute_floor(original))
    return [(str(start), format_moment(instant(start), view.zone, view.habit)) for start in starts]


SHOWN: Final[Mapping[str, Callable[[Asked, View], Shown]]] = {
    DecisionKind.REQUEST: request_shown,
    DecisionKind.PARTNER: partner_shown,
    DecisionKind.SERIES: series_shown,
    DecisionKind.MINIMUM: minimum_shown,
}
# What has to be looked for, on the page of one question only.
CHOICES: Final[Mapping[str, Callable[[Asked, View], Sequence[tuple[str, str]]]]] = {
    DecisionKind.SERIES: other_times,
    DecisionKind.PARTNER: partner_times,
}


def decision_page(asked: Asked, view: View, *, list_href: str, names_therapist: bool) -> DecisionPage:
    """Return one question."""
    shown, decision = SHOWN[asked.decision.kind](asked, view), asked.decision
    is_open = decision.decided_at is None
    facts = (
        Fact("Therapist", asked.therapist if names_therapist else ""),
        *shown.facts,
        Fact("Answer by", until_words(decision.due_at, view) if is_open else ""),
    )
    said = shown.said.get(decision.outcome, "Answered.")
    by = f" By {asked.answered_by}." if asked.answered_by else ""
    return DecisionPage(
        title=shown.title,
        facts=tuple(fact for fact in facts if fact.value),
        by_itself=shown.by_itself if is_open and decision.due_at else "",
        answers=_with_choices(shown.answers, asked, view) if is_open else (),
        answered="" if is_open else f"{said}{by}",
        list_href=list_href,
    )


def _with_choices(answers: tuple[Answer, ...], asked: Asked, view: View) -> tuple[Answer, ...]:
    """Return the answers, another time with times to choose from; where there is none, it is not offered."""
    look = CHOICES.get(asked.decision.kind)
    if look is None:
        return answers
    choices = look(asked, view)
    offered = (each._replace(choices=choices) if each.answer == OTHER else each for each in answers)
    return tuple(each for each in offered if each.answer != OTHER or each.choices)


def decision_row(asked: Asked, view: View, endpoint: str) -> DecisionRow:
    """Return a question in the list."""
    shown = SHOWN[asked.decision.kind](asked, view)
    about = [fact.value.split("\n")[0] for fact in shown.facts[:2]]
    return DecisionRow(
        title=shown.title,
        about=" · ".join(about),
        therapist=asked.therapist,
        until=until_words(asked.decision.due_at, view) or "When you like",
        href=url_for(endpoint, public_id=asked.decision.public_id),
    )


def said_of(kind: str, asked: Asked, view: View, answer: str) -> str:
    """Return what is said once a question is answered."""
    return SHOWN[kind](asked, view).said.get(answer, "Answered.")


def session_facts(appointment: Appointment | None, view: View) -> tuple[Fact, ...]:
    """Return when, who, where and what; nothing without an appointment. It must be loaded whole."""
    if appointment is None:
        return ()
    on = appointment.starts_at.astimezone(ZoneInfo(view.zone)).date()
    when = format_span(appointment.starts_at, appointment.ends_at, view.zone, view.habit)
    clients = [row.client for row in appointment.attendances]
    names = [f"{each.display_name} ({each.pronouns})" if each.pronouns else each.display_name for each in clients]
    return (
        Fact("When", f"{format_day(on, relative_to=view.now.date())}, {when}"),
        Fact("For", join_words(names)),
        Fact("Service", appointment.service.name),
        Fact("Where", where_of(appointment)),
        Fact("How to reach them", "\n".join(reach_words(each) for each in clients)),
    )


def until_words(due_at: datetime | None, view: View) -> str:
    """ "Tuesday 24 November, 5:00 PM", or "" where nothing happens by itself."""
    return format_moment(due_at, view.zone, view.habit) if due_at else ""
