"""Therapists as clients see them: on the public pages, and in the previews of whoever sets them up."""

from dataclasses import dataclass

from flask import url_for

from practice.domain.rule_book import RuleBook
from practice.models import Service, Therapist
from practice.queries.catalog import Catalog
from practice.queries.practice import PracticeFacts
from practice.web.facts import Fact
from practice.web.presenting import join_words
from practice.web.services_shown import ServiceCard, service_card


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist with how and where people can meet them."""

    slug: str
    name: str
    credentials: str
    pronouns: str
    about: str
    helps_with: tuple[str, ...]
    approaches: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    is_online: bool
    takes_new_clients: bool
    services: tuple[Service, ...]
    href: str

    @property
    def under(self) -> str:
        """ "LCSW · she/her"."""
        return " · ".join(part for part in (self.credentials, self.pronouns) if part)

    @property
    def meets(self) -> str:
        """ "Union Square and online"."""
        words = [*self.places, *(["online"] if self.is_online else [])]
        joined = join_words(words)
        return joined[:1].upper() + joined[1:]


@dataclass(frozen=True, slots=True)
class Bookable:
    """A service with one therapist; without ``times_href`` only to read of."""

    card: ServiceCard
    times_href: str


@dataclass(frozen=True, slots=True)
class TherapistPage:
    """One therapist in full."""

    person: Person
    facts: tuple[Fact, ...]
    bookable: tuple[Bookable, ...]
    is_open: bool


def persons(found: Catalog, rules: RuleBook) -> tuple[Person, ...]:
    """Return the therapists of the catalog, in its order."""
    services = {each.slug: each for each in found.services}
    return tuple(
        _person(each, tuple(services[slug] for slug in found.offers_of.get(each.id, ())), rules)
        for each in found.therapists
    )


def _person(row: Therapist, services: tuple[Service, ...], rules: RuleBook) -> Person:
    offers = [offer for (therapist_id, _), offer in rules.offer_of.items() if therapist_id == row.id]
    meets_here = any(offer.in_person for offer in offers)
    places = rules.places_of(row.id) if meets_here else frozenset[int]()
    return Person(
        slug=row.slug,
        name=row.name,
        credentials=row.credentials,
        pronouns=row.pronouns,
        about=row.about,
        helps_with=tuple(row.helps_with),
        approaches=tuple(row.approaches),
        languages=tuple(row.languages),
        places=tuple(place.name for place in rules.locations if place.id in places),
        is_online=any(offer.online for offer in offers),
        takes_new_clients=row.takes_new_clients,
        services=services,
        href=url_for("public.therapist", slug=row.slug),
    )


def therapist_page(person: Person, facts: PracticeFacts, *, is_signed_in: bool) -> TherapistPage:
    """Return one therapist's page; what they offer can be booked where they take whoever looks."""
    is_open = person.takes_new_clients or is_signed_in
    rows = (
        Fact("Helps with", join_words(list(person.helps_with))),
        Fact("Ways of working", join_words(list(person.approaches))),
        Fact("Languages", join_words(list(person.languages))),
        Fact("Meets", person.meets),
        Fact("New clients", "Welcome" if person.takes_new_clients else "Not at the moment"),
    )
    return TherapistPage(
        person=person,
        facts=tuple(row for row in rows if row.value),
        bookable=tuple(
            Bookable(
                service_card(each, facts),
                url_for("public.times", slug=each.slug, therapist=person.slug) if is_open else "",
            )
            for each in person.services
        ),
        is_open=is_open,
    )
