"""Services as clients see them: on the public pages, and in the previews of whoever sets them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from practice.models import Audience, Service, ServiceKind
from practice.queries.catalog import Catalog
from practice.queries.practice import PracticeFacts
from practice.web.courses_shown import CourseCard
from practice.web.expectations_shown import Expectations
from practice.web.facts import Fact
from practice.web.policy_words import booking_words
from practice.web.presenting import format_money, humanize_minutes

BY_KIND = {
    ServiceKind.CONSULTATION: "For people who are new here",
    ServiceKind.INDIVIDUAL: "For one",
    ServiceKind.COUPLE: "For two",
    ServiceKind.GROUP: "In a group",
}
Prices = Mapping[int, tuple[int, ...]]
NO_PRICES: Prices = {}


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service in a list."""

    name: str
    about: str
    facts: str
    kind: str
    is_group: bool
    href: str
    times_href: str


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A therapist, as a service's page names them."""

    name: str
    under: str
    photo_href: str
    href: str
    times_href: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One service in full."""

    card: ServiceCard
    facts: tuple[Fact, ...]
    what_to_expect: str
    people: tuple[PersonLink, ...]
    is_for_clients: bool
    call_href: str
    expectations: Expectations | None = None
    courses: tuple[CourseCard, ...] = ()


def service_cards(
    services: Iterable[Service], facts: PracticeFacts, prices: Prices = NO_PRICES
) -> tuple[ServiceCard, ...]:
    """Return the services as cards."""
    return tuple(service_card(each, facts, prices) for each in services)


def service_card(service: Service, facts: PracticeFacts, prices: Prices = NO_PRICES) -> ServiceCard:
    """Return one service as a card; ``prices`` are what it costs with different therapists, by its id."""
    words = (humanize_minutes(service.duration_minutes), price_words(service, facts, prices), ways(service))
    return ServiceCard(
        name=service.name,
        about=service.about,
        facts=" · ".join(words),
        kind=BY_KIND.get(ServiceKind(service.kind), ""),
        is_group=service.kind == ServiceKind.GROUP,
        href=url_for("public.service", slug=service.slug),
        times_href=url_for("public.times", slug=service.slug),
    )


def ways(service: Service) -> str:
    """ "In person or online"."""
    if service.in_person and service.online:
        return "In person or online"
    return "In person" if service.in_person else "Online"


def price_words(service: Service, facts: PracticeFacts, prices: Prices = NO_PRICES) -> str:
    """ "$140", or "From $120" where it depends on the therapist."""
    known = prices.get(service.id) or (service.price_cents,)
    words = format_money(min(known), facts.currency)
    return words if len(known) == 1 else f"From {words[:1].lower() + words[1:]}"


def suits(service: Service) -> str:
    """ "Two people, after a first conversation"."""
    words = {
        ServiceKind.CONSULTATION: "Anybody who is new here",
        ServiceKind.INDIVIDUAL: "One person",
        ServiceKind.COUPLE: "Two people",
        ServiceKind.GROUP: f"Up to {service.capacity} people together",
    }[ServiceKind(service.kind)]
    return words if service.audience == Audience.PUBLIC else f"{words}, after a first conversation"


def _booking(service: Service, facts: PracticeFacts) -> str:
    notice = facts.notice_minutes if service.notice_minutes is None else service.notice_minutes
    ahead = facts.window_days if service.window_days is None else service.window_days
    return booking_words(notice, ahead)


def service_page(
    found: Catalog, slug: str, facts: PracticeFacts, photos: Mapping[int, str], *, is_signed_in: bool
) -> ServicePage | None:
    """Return one service of the catalog, or None where there is none of that name. ``photos`` are digests by id."""
    service = next((each for each in found.services if each.slug == slug), None)
    if service is None:
        return None
    offering = set(found.offered_by.get(service.id, ()))
    return ServicePage(
        card=service_card(service, facts, found.prices),
        facts=(
            Fact("Who it suits", suits(service)),
            Fact("Length", humanize_minutes(service.duration_minutes)),
            Fact("Price", price_words(service, facts, found.prices)),
            Fact("How", ways(service)),
            Fact("When you can book", _booking(service, facts)),
        ),
        what_to_expect=service.what_to_expect,
        people=tuple(
            PersonLink(
                name=each.name,
                under=" · ".join(part for part in (each.credentials, each.pronouns) if part),
                photo_href=photo_href(photos.get(each.id, "")),
                href=url_for("public.therapist", slug=each.slug),
                times_href=url_for("public.times", slug=slug, therapist=each.slug)
                if each.takes_new_clients or is_signed_in
                else "",
            )
            for each in found.therapists
            if each.slug in offering
        ),
        is_for_clients=service.audience != Audience.PUBLIC and not is_signed_in,
        call_href=url_for("public.call", service=slug),
    )


def photo_href(digest: str) -> str:
    """Return the address of a photo, "" where there is none."""
    return url_for("public.picture", digest=digest) if digest else ""
