"""What the steps of booking show."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from practice.models import Audience, Service
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_money, humanize_minutes


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service to choose."""

    name: str
    about: str
    facts: str
    href: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be booked now, and what only people who have been here book."""

    open: tuple[ServiceChoice, ...]
    for_clients: tuple[ServiceChoice, ...]


def choices_of(services: Iterable[Service], facts: PracticeFacts, *, is_client: bool) -> Choices:
    """Return the services, those that whoever asks can book first."""
    chosen: dict[bool, list[ServiceChoice]] = {True: [], False: []}
    for each in services:
        words = f"{humanize_minutes(each.duration_minutes)} · {format_money(each.price_cents, facts.currency)}"
        shown = ServiceChoice(each.name, each.about, words, url_for("booking.who", slug=each.slug))
        chosen[is_client or each.audience == Audience.PUBLIC].append(shown)
    return Choices(tuple(chosen[True]), tuple(chosen[False]))
