"""The question with whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import url_for

from practice.domain.rule_book import Therapist
from practice.web.booking.path import Chosen, Path


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A therapist to choose."""

    name: str
    under: str
    photo_href: str
    href: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Whom the service can be booked with."""

    service: str
    people: tuple[PersonChoice, ...]
    anyone_href: str
    back_href: str


def people_page(path: Path, chosen: Chosen, people: Iterable[Therapist], photos: Mapping[int, str]) -> PeoplePage:
    """Return the choices; each leads on to the times. ``photos`` are digests by therapist id."""
    slug = path.service.slug

    def photo(therapist_id: int) -> str:
        return url_for("public.picture", digest=photos[therapist_id]) if therapist_id in photos else ""

    def href(therapist: str) -> str:
        return replace(chosen, therapist=therapist, at="").address("booking.time", slug)

    return PeoplePage(
        service=path.service.name,
        people=tuple(PersonChoice(each.name, _meets(path, each), photo(each.id), href(each.slug)) for each in people),
        anyone_href=href("anyone"),
        back_href=replace(chosen, who="").address("booking.who", slug),
    )


def _meets(path: Path, therapist: Therapist) -> str:
    """ "In person or online", as far as this service goes."""
    offer = path.rules.offer_of[therapist.id, path.service.id]
    here = offer.in_person and path.service.in_person and bool(path.rules.places_of(therapist.id))
    away = offer.online and path.service.online
    if here and away:
        return "In person or online"
    return "In person" if here else "Online"
