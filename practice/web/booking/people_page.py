"""The question with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from practice.domain.asking import Asking
from practice.domain.regions import region_name
from practice.domain.rule_book import Therapist
from practice.web.booking.path import Chosen, Path
from practice.web.fitting import is_licensed


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

    slug: str
    service: str
    people: tuple[PersonChoice, ...]
    note: str
    anyone_href: str
    back_href: str


def people_page(
    path: Path, chosen: Chosen, people: Sequence[Therapist], photos: Mapping[int, str], asking: Asking
) -> PeoplePage:
    """Return the choices; each leads on to the times. ``photos`` are digests by therapist id.

    Who does not work with an interpreter where one comes along, or is not licensed where somebody will be who meets
    online, is left out, and why is said.
    """
    slug, note = path.service.slug, []
    if asking.needs.interpreter:
        people = [each for each in people if each.works_with_interpreter]
        note.append("You see who works with an interpreter.")
    if (
        asking.region
        and path.rules.practice.checks_licences
        and (chosen.meet == "online" or not path.service.in_person)
    ):
        licensed = [each for each in people if is_licensed(path.rules, each.id, asking.region)]
        if len(licensed) < len(people):
            note.append(f"You see who is licensed where you will be: {region_name(asking.region)}.")
        people = licensed

    def photo(therapist_id: int) -> str:
        return url_for("public.picture", digest=photos[therapist_id]) if therapist_id in photos else ""

    def href(therapist: str) -> str:
        return replace(chosen, therapist=therapist, at="").address("booking.time", slug)

    return PeoplePage(
        slug=slug,
        service=path.service.name,
        people=tuple(PersonChoice(each.name, _under(path, each), photo(each.id), href(each.slug)) for each in people),
        note=" ".join(note),
        anyone_href=href("anyone"),
        back_href=replace(chosen, who="").address("booking.who", slug),
    )


def _under(path: Path, therapist: Therapist) -> str:
    """ "In person or online · Supervised by Maya Lindqvist"."""
    supervisor = path.rules.therapist_by_id.get(therapist.supervisor_id or 0)
    return " · ".join([_meets(path, therapist), *([f"Supervised by {supervisor.name}"] if supervisor else [])])


def _meets(path: Path, therapist: Therapist) -> str:
    """ "In person or online", as far as this service goes."""
    offer = path.rules.offer_of[therapist.id, path.service.id]
    here = offer.in_person and path.service.in_person and bool(path.rules.places_of(therapist.id))
    away = offer.online and path.service.online
    if here and away:
        return "In person or online"
    return "In person" if here else "Online"
