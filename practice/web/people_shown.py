"""Therapists as clients see them: on the public pages, and in the previews of whoever sets them up."""

from dataclasses import dataclass, replace

from flask import url_for

from practice.domain.regions import region_name
from practice.domain.rule_book import RuleBook
from practice.models import Audience, Licence, Service, ServiceKind, Therapist
from practice.queries.catalog import Catalog
from practice.queries.portraits import Portraits
from practice.web.facts import Fact
from practice.web.presenting import join_words
from practice.web.services_shown import Prices, photo_href


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist with how and where people can meet them; without ``photo_href`` their initials stand for them."""

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
    prices: Prices
    licences: tuple[str, ...]
    photo_href: str
    href: str
    supervisor: str = ""

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

    def first_service(self, *, is_signed_in: bool) -> Service | None:
        """Return what somebody would book first: strangers what is open to them, those we know a session."""
        alone = [each for each in self.services if each.kind != ServiceKind.GROUP]
        if is_signed_in:
            best = [each for each in alone if each.kind != ServiceKind.CONSULTATION]
        else:
            best = [each for each in alone if each.audience == Audience.PUBLIC]
        return next(iter([*best, *alone, *self.services]), None)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is known of them, as rows."""
        rows = (
            Fact("Helps with", join_words(list(self.helps_with))),
            Fact("Ways of working", join_words(list(self.approaches))),
            Fact("Languages", join_words(list(self.languages))),
            Fact("Meets", self.meets),
            Fact("Supervised by", self.supervisor),
            Fact("Licence" if len(self.licences) == 1 else "Licences", "\n".join(self.licences)),
        )
        return tuple(row for row in rows if row.value)


NO_PORTRAITS = Portraits()


def persons(found: Catalog, rules: RuleBook, portraits: Portraits = NO_PORTRAITS) -> tuple[Person, ...]:
    """Return the therapists of the catalog, in its order."""
    services = {each.slug: each for each in found.services}
    return tuple(
        _person(each, tuple(services[slug] for slug in found.offers_of.get(each.id, ())), rules, portraits)
        for each in found.therapists
    )


def preview_person(row: Therapist, rules: RuleBook, portraits: Portraits) -> Person:
    """Return a therapist as clients would see them, whether stored and listed or not; the link leads nowhere yet."""
    return replace(_person(row, (), rules, portraits), href="#preview")


def _person(row: Therapist, services: tuple[Service, ...], rules: RuleBook, portraits: Portraits) -> Person:
    offers = rules.offers_by.get(row.id, ())
    own = {offer.service_id: offer.price_cents for offer in offers if offer.price_cents is not None}
    meets_here = any(offer.in_person for offer in offers)
    places = rules.places_of(row.id) if meets_here else frozenset[int]()
    supervisor = rules.therapist_by_id.get(row.supervisor_id or 0)
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
        prices={each.id: (own.get(each.id, each.price_cents),) for each in services},
        licences=tuple(licence_words(each) for each in portraits.licences.get(row.id, ())),
        photo_href=photo_href(portraits.photos.get(row.id, "")),
        href=url_for("public.therapist", slug=row.slug),
        supervisor=supervisor.name if supervisor else "",
    )


def licence_words(licence: Licence) -> str:
    """ "Licensed Clinical Social Worker, New York 081234"."""
    return f"{licence.title}, {region_name(licence.region)} {licence.number}".rstrip()
