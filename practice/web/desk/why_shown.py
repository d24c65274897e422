"""What the answers to "Why is this time not offered?" show: for a day, or for one time with everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import g, url_for

from practice.db import db
from practice.domain.explaining import Question, check_session, explain, verdict_at
from practice.domain.intervals import Span, instant
from practice.domain.reasons import Reason
from practice.domain.rule_book import Audience, RuleBook, Service, Therapist
from practice.domain.slots import GroupSession
from practice.domain.weekly_hours import days_span
from practice.queries.explained import dates_between, questions_about
from practice.web.desk.overriding import weighed
from practice.web.desk.path import choices_of
from practice.web.desk.why_rules import Case, Links, has_gone_by, rule_links, rule_words
from practice.web.frame import the_facts
from practice.web.presenting import format_time, habit_of, join_words
from practice.web.shell import Link

Dates = Sequence[tuple[str, GroupSession]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: a day, or with ``start`` (an epoch minute) one time of it. Empty is everything."""

    service: Service | None
    therapist: Therapist | None
    on: date
    start: int | None
    viewer: Audience


@dataclass(frozen=True, slots=True)
class Answer:
    """A time, a therapist or a service: offered, or why not and where that rule stands."""

    label: str
    is_offered: bool
    words: str = ""
    links: tuple[Link, ...] = ()
    book_href: str = ""
    book_words: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Answers under a heading; ``column`` says what their labels are."""

    heading: str
    column: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class _Told:
    """One start with one service and therapist, and the reason that it is not offered."""

    question: Question
    start: int
    reason: Reason | None

    @property
    def has_gone_by(self) -> bool:
        """Whether it is not offered because it lies in the past."""
        return self.reason is not None and has_gone_by(Case(self.reason, self.question, self.start))

    @property
    def label(self) -> str:
        """The time."""
        zone = self.question.rules.practice.zone
        return format_time(instant(self.start), zone, habit_of(the_facts().locale))


def sections_of(rules: RuleBook, asked: Asked) -> tuple[Section, ...]:
    """Return the answers; nothing is answered before a service or a time is chosen.

    At most four statements, whatever the number of services and therapists.
    """
    if asked.service is None and asked.start is None:
        return ()
    services = [asked.service] if asked.service else list(rules.services)
    therapists = [asked.therapist] if asked.therapist else list(rules.therapists)
    span = days_span(rules.practice.zone, asked.on, asked.on) if asked.start is None else (asked.start, asked.start + 1)
    questions = questions_about(db.session(), rules, services, therapists, span, viewer=asked.viewer, now=g.now)
    dates = dates_between(db.session(), services, span)
    links = Links()
    if asked.start is None:
        return tuple(_day(question, span, dates, links) for question in questions)
    told = [_at(question, asked.start, dates) for question in questions]
    if asked.therapist and not asked.service:
        name = asked.therapist.name
        return (Section(name, "Service", _together(_answer(one, one.question.service.name, links) for one in told)),)
    return tuple(
        Section(name, "Therapist", _together(_answer(one, one.question.therapist.name, links) for one in group))
        for name, group in groupby(told, lambda one: one.question.service.name)
    )


def _together(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return the answers, those that say the same as one, each where the first of them stood."""
    found: dict[Answer, list[str]] = {}
    for answer in answers:
        found.setdefault(replace(answer, label=""), []).append(answer.label)
    return tuple(replace(answer, label=join_words(labels)) for answer, labels in found.items())


def _day(question: Question, span: Span, dates: Dates, links: Links) -> Section:
    """Return a day's answers, starts in a row that have the same one together."""
    told: Iterable[_Told] = (_Told(question, each.start, each.reason) for each in explain(question, span))
    if question.service.kind == "group":
        own = [one for one in dates if _is_of(one[1], question)]
        told = [_Told(question, one.start, _of_date(question, public_id, one)) for public_id, one in own] or told
    answers = []
    for _, group in groupby(told, lambda one: (one.reason, one.has_gone_by)):
        rows = list(group)
        first, last = rows[0].label, rows[-1].label
        answers.append(
            _answer(rows[0], first if len(rows) == 1 else f"{first} to {last}", links, can_book=len(rows) == 1)
        )
    return Section(f"{question.service.name} with {question.therapist.name}", "Start", tuple(answers))


def _at(question: Question, start: int, dates: Dates) -> _Told:
    for public_id, one in dates:
        if one.start == start and _is_of(one, question):
            return _Told(question, start, _of_date(question, public_id, one))
    return _Told(question, start, verdict_at(question, start).reason)


def _is_of(one: GroupSession, question: Question) -> bool:
    return one.service_id == question.service.id and one.therapist_id == question.therapist.id


def _of_date(question: Question, public_id: str, one: GroupSession) -> Reason | None:
    reason = check_session(question, one)
    return reason and replace(reason, subject=public_id)


def _answer(told: _Told, label: str, links: Links, *, can_book: bool = True) -> Answer:
    if told.reason is None:
        book_href = _book_href(told) if can_book else ""
        return Answer(label, is_offered=True, book_href=book_href, book_words="Book it")
    case = Case(told.reason, told.question, told.start)
    book_words = _anyway(told) if can_book else ""
    return Answer(
        label,
        is_offered=False,
        words=rule_words(case),
        links=rule_links(case, links),
        book_href=_book_href(told) if book_words else "",
        book_words=book_words,
    )


def _anyway(told: _Told) -> str:
    """Return the words of the link that books what is not offered to whom it was asked for, but can be at the desk."""
    question, start = replace(told.question, viewer="staff"), told.start
    if question.service.kind == "group":
        return ""
    if told.question.viewer != "staff" and verdict_at(question, start).reason is None:
        return "The desk can book it"
    is_possible = weighed(question, start, choices_of(question.rules, question.service, question.therapist))
    return "Book it all the same…" if is_possible else ""


def _book_href(told: _Told) -> str:
    at = f"{told.start}.{told.question.therapist.slug}"
    return url_for("desk.book_who", slug=told.question.service.slug, at=at)
