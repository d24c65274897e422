"""One therapist in full, with the free times of one of their services."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.models import ServiceKind
from practice.queries.practice import PracticeFacts
from practice.queries.shown_times import shown_times
from practice.web.people_shown import Person
from practice.web.presenting import format_zone, habit_of
from practice.web.services_shown import ServiceCard, service_card
from practice.web.shell import Link
from practice.web.slot_days import Day
from practice.web.times_shown import days_of, week_of

MOST_DAYS = 3


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The first days that have times of one service; ``all_href`` shows all of them."""

    card: ServiceCard
    zone: str
    days: tuple[Day, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class TherapistPage:
    """One therapist; without ``times`` nothing can be booked by whoever looks."""

    person: Person
    description: str
    services: tuple[Link, ...]
    times: FreeTimes | None
    cards: tuple[ServiceCard, ...]
    is_open: bool
    call_href: str


def therapist_page(
    session: Session, person: Person, asked: str, facts: PracticeFacts, *, is_signed_in: bool, now: datetime
) -> TherapistPage:
    """Return the page, with the times of the service that the address asks for. Raises NotFound where they offer none
    of that name.
    """
    by_slug = {each.slug: each for each in person.services}
    if asked and asked not in by_slug:
        raise NotFound
    is_open = person.takes_new_clients or is_signed_in
    service = by_slug.get(asked) or person.first_service(is_signed_in=is_signed_in)
    times = None
    if service is not None and is_open:
        found = shown_times(session, service.slug, person.slug, is_signed_in=is_signed_in, now=now)
        week = week_of(found, None, found.rules.practice.zone, None)
        days = days_of(
            week.slots, found.rules, habit_of(facts.locale), meet=None, names_therapist=False,
            prefix=f"{url_for('booking.who', slug=service.slug)}?at=",
        ) if week else ()  # fmt: skip
        times = FreeTimes(
            card=service_card(service, facts, person.prices),
            zone=format_zone(facts.zone),
            days=days[:MOST_DAYS],
            all_href=url_for("public.times", slug=service.slug, therapist=person.slug),
        )
    about = service.slug if service else None
    return TherapistPage(
        person=person,
        description=describe(person),
        services=tuple(
            Link(each.name, f"{person.href}?service={each.slug}", each is service) for each in person.services
        ),
        times=times,
        cards=tuple(service_card(each, facts, person.prices) for each in person.services),
        is_open=is_open,
        call_href=url_for("public.call", therapist=person.slug, service=about),
    )


def describe(person: Person) -> str:
    """Return a person in one sentence, as a search engine shows it."""
    kinds = "groups" if all(each.kind == ServiceKind.GROUP for each in person.services) else "sessions"
    words = [f"{person.name}{', ' + person.credentials if person.credentials else ''}"]
    if person.helps_with:
        words.append(f"helps with {', '.join(person.helps_with[:4]).lower()}")
    if person.meets:
        words.append(f"{kinds} at {person.meets}" if person.places else f"{kinds} online")
    return "; ".join(words) + ". Free times and online booking."
