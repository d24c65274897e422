"""The page of the therapists: those who fit, a page of them, each with the next free time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from practice.domain.intervals import instant
from practice.queries.next_free import next_free
from practice.queries.practice import PracticeFacts
from practice.web.paging import PageLinks
from practice.web.people_shown import Person
from practice.web.presenting import format_moment, format_zone, habit_of
from practice.web.public.finding_people import FilterShown, Found, address_of
from practice.web.shell import Link

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class NextFree:
    """The first free time of somebody for a service, and where the others are."""

    service: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A therapist in the list, with their first free time if they take whoever looks.

    ``lacks`` says what of the wish they do not have.
    """

    person: Person
    next_free: NextFree | None
    is_open: bool
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who fits, or who comes nearest, and how to look for others."""

    people: tuple[PersonCard, ...]
    near: tuple[PersonCard, ...]
    filters: tuple[FilterShown, ...]
    words: str
    zone: str
    chips: tuple[Link, ...]
    without: tuple[Link, ...]
    all_href: str
    call_href: str
    links: PageLinks


def people_page(
    session: Session,
    found: Found,
    everybody: Sequence[Person],
    number: int,
    facts: PracticeFacts,
    *,
    is_signed_in: bool,
    now: datetime,
) -> PeoplePage:
    """Return a page of those who fit, or those who come nearest."""
    first = (number - 1) * PER_PAGE
    shown = found.people[first : first + PER_PAGE]
    near = tuple(person for person in everybody if person.slug in found.near)
    services = services_of((*shown, *near), found.chosen.get("service"), is_signed_in=is_signed_in)
    starts = next_free(session, services, is_signed_in=is_signed_in, now=now)
    names = {each.slug: each.name for person in everybody for each in person.services}

    def card(person: Person) -> PersonCard:
        start, slug = starts.get(person.slug), services.get(person.slug, "")
        free = None if start is None else free_of(start, slug, names[slug], person, facts)
        return PersonCard(person, free, bool(slug), found.near.get(person.slug, ""))

    return PeoplePage(
        people=tuple(map(card, shown)),
        near=tuple(map(card, near)),
        filters=found.filters,
        words=found.words,
        zone=format_zone(facts.zone),
        chips=found.chips,
        without=found.without,
        all_href=address_of({}) if found.chosen else "",
        call_href=url_for("public.call", service=found.chosen.get("service")),
        links=_links(found, number, len(shown)),
    )


def services_of(people: Sequence[Person], wanted: str | None, *, is_signed_in: bool) -> dict[str, str]:
    """Return the service whose next free time is shown of each of those who take whoever looks (slugs)."""
    found = {}
    for person in people:
        service = person.first_service(is_signed_in=is_signed_in)
        slug = wanted if wanted in {each.slug for each in person.services} else service.slug if service else None
        if slug and (person.takes_new_clients or is_signed_in):
            found[person.slug] = slug
    return found


def free_of(start: int, service: str, name: str, person: Person, facts: PracticeFacts) -> NextFree:
    """Return the first free time in words, with a link to it and those that follow."""
    when = format_moment(instant(start), facts.zone, habit_of(facts.locale))
    return NextFree(name, when, url_for("public.times", slug=service, therapist=person.slug))


def _links(found: Found, number: int, shown: int) -> PageLinks:
    first, total = (number - 1) * PER_PAGE, len(found.people)
    return PageLinks(
        words=f"{first + 1} to {first + shown} of {total}" if shown else "",
        previous_href=address_of(found.chosen, page=number - 1) if number > 1 else "",
        next_href=address_of(found.chosen, page=number + 1) if first + shown < total else "",
    )
