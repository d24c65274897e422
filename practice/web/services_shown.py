"""Services as clients see them: on the public pages, and in the previews of whoever sets them up."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from practice.models import Audience, Service, ServiceKind
from practice.queries.catalog import Catalog
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_money, humanize_minutes

BY_KIND = {
    ServiceKind.CONSULTATION: "For people who are new here",
    ServiceKind.INDIVIDUAL: "For one",
    ServiceKind.COUPLE: "For two",
    ServiceKind.GROUP: "In a group",
}


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
    href: str
    times_href: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One service in full."""

    card: ServiceCard
    what_to_expect: str
    people: tuple[PersonLink, ...]
    is_for_clients: bool


def service_cards(services: Iterable[Service], facts: PracticeFacts) -> tuple[ServiceCard, ...]:
    """Return the services as cards."""
    return tuple(service_card(each, facts) for each in services)


def service_card(service: Service, facts: PracticeFacts) -> ServiceCard:
    """Return one service as a card."""
    words = (
        humanize_minutes(service.duration_minutes),
        format_money(service.price_cents, facts.currency),
        ways(service),
    )
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


def service_page(found: Catalog, slug: str, facts: PracticeFacts, *, is_signed_in: bool) -> ServicePage | None:
    """Return one service of the catalog, or None where there is none of that name."""
    service = next((each for each in found.services if each.slug == slug), None)
    if service is None:
        return None
    offering = set(found.offered_by.get(service.id, ()))
    return ServicePage(
        card=service_card(service, facts),
        what_to_expect=service.what_to_expect,
        people=tuple(
            PersonLink(
                name=each.name,
                under=each.credentials,
                href=url_for("public.therapist", slug=each.slug),
                times_href=url_for("public.times", slug=slug, therapist=each.slug)
                if each.takes_new_clients or is_signed_in
                else "",
            )
            for each in found.therapists
            if each.slug in offering
        ),
        is_for_clients=service.audience != Audience.PUBLIC and not is_signed_in,
    )
