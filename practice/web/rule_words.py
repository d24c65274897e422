"""What the rules about a service and a therapist's load mean, in words: the same for clients and for who sets them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from practice.domain.needs import FEATURES
from practice.models import Service, ServiceKind
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_money, humanize_minutes, join_words


class Length(Protocol):
    """A length that a service is offered in; without a price of its own it costs what the service costs."""

    @property
    def minutes(self) -> int:
        """How long it is."""

    @property
    def price_cents(self) -> int | None:
        """What it costs."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is enough for one therapist; None is no limit."""

    max_in_row: int | None = None
    break_minutes: int = 30
    max_a_day: int | None = None
    max_first_a_week: int | None = None


def lengths_words(service: Service, others: Sequence[Length], facts: PracticeFacts) -> str:
    """ "50 minutes for $180, or 80 minutes for $260.", the shortest first."""
    known = {service.duration_minutes: service.price_cents}
    for each in others:
        known[each.minutes] = service.price_cents if each.price_cents is None else each.price_cents
    parts = [_length(minutes, known[minutes], facts.currency) for minutes in sorted(known)]
    return join_words(parts, "or") + "."


def service_words(service: Service, others: Sequence[Length], facts: PracticeFacts) -> tuple[str, ...]:
    """Return what holds for booking a service, a sentence for each rule that it has."""
    is_group = service.kind == ServiceKind.GROUP
    return tuple(
        sentence
        for sentence in (
            lengths_words(service, others, facts) if others else "",
            "Only after a first conversation here." if service.needs_consultation else "",
            _most(service.max_per_week) if service.max_per_week else "",
            approval_words(facts.answer_hours) if service.needs_approval else "",
            f"In person, the room offers {feature_words(service.room_features)}."
            if service.room_features and service.in_person and not is_group
            else "",
        )
        if sentence
    )


def approval_words(answer_hours: int) -> str:
    """Return what a request means to whoever makes one."""
    length = humanize_minutes(answer_hours * 60)
    return f"Your therapist agrees first. The time is kept for you meanwhile, and you have an answer within {length}."


def load_words(load: Load) -> tuple[str, ...]:
    """Return what clients are offered under a load guard, a sentence for each limit."""
    rest = humanize_minutes(load.break_minutes)
    return tuple(
        sentence
        for sentence in (
            f"After {_sessions(load.max_in_row)} in a row, nothing is offered for {rest}." if load.max_in_row else "",
            f"At most {_sessions(load.max_a_day)} a day." if load.max_a_day else "",
            _firsts(load.max_first_a_week),
        )
        if sentence
    )


def feature_words(features: Iterable[str]) -> str:
    """ "open floor and step-free access", each feature as it is called everywhere."""
    words = (FEATURES.get(feature, feature) for feature in sorted(features))
    return join_words([each[:1].lower() + each[1:] for each in words])


def _length(minutes: int, price_cents: int, currency: str) -> str:
    price = format_money(price_cents, currency)
    return (
        f"{humanize_minutes(minutes)}, {price.lower()}"
        if not price_cents
        else f"{humanize_minutes(minutes)} for {price}"
    )


def _most(number: int) -> str:
    return "At most once a week." if number == 1 else f"At most {number} times a week."


def _sessions(number: int | None) -> str:
    return "1 session" if number == 1 else f"{number} sessions"


def _firsts(number: int | None) -> str:
    if number is None:
        return ""
    if number == 0:
        return "No first sessions with people who are new."
    return f"At most {number} first session{'' if number == 1 else 's'} with new people a week."
