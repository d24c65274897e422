"""What the question for a time says of how it was narrowed: by length, by where somebody will be, by what they need."""

from dataclasses import dataclass, replace

from practice.domain.asking import Asking
from practice.domain.needs import NO_NEEDS
from practice.domain.regions import region_name
from practice.domain.rule_book import Modality, Therapist
from practice.domain.slots import therapists_offering
from practice.web.booking.length import has_lengths
from practice.web.booking.path import Chosen, Path
from practice.web.fitting import is_licensed, not_licensed_words
from practice.web.frame import the_facts
from practice.web.presenting import format_phone


@dataclass(frozen=True, slots=True)
class Fits:
    """``where`` is the state that was said; ``not_licensed`` says why there is nothing online there, with two ways out.

    ``asks_needs`` where somebody new is told whom to call about what they need.
    """

    length_href: str = ""
    where: str = ""
    where_href: str = ""
    not_licensed: str = ""
    in_person_href: str = ""
    others_href: str = ""
    has_needs: bool = False
    asks_needs: bool = False
    phone: str = ""
    phone_words: str = ""


NO_FITS = Fits()


def fits_of(path: Path, chosen: Chosen, meet: Modality, asking: Asking) -> Fits:
    """Return what narrowed the times that are shown."""
    if path.service.kind == "group":
        return NO_FITS
    slug, facts, here = path.service.slug, the_facts(), replace(chosen, at="")
    is_said = meet == "online" and bool(asking.region) and path.rules.practice.checks_licences
    words = _not_licensed(path, chosen, asking.region) if is_said else ""
    return Fits(
        length_href=replace(here, length=None).address("booking.length", slug) if has_lengths(path) else "",
        where=region_name(asking.region) if is_said else "",
        where_href=replace(here, meet="online", region="").address("booking.where", slug) if is_said else "",
        not_licensed=words,
        in_person_href=replace(here, meet="in_person").address("booking.time", slug)
        if words and path.service.in_person
        else "",
        others_href=replace(here, meet="online", therapist="", region=asking.region).address("booking.with_whom", slug)
        if words and chosen.person and _licensed_people(path, asking.region)
        else "",
        has_needs=asking.needs != NO_NEEDS,
        asks_needs=not path.clients,
        phone=facts.phone,
        phone_words=format_phone(facts.phone, facts.country) if facts.phone else "",
    )


def people_of(path: Path) -> list[Therapist]:
    """Return who offers the service, as far as whoever asks may see them."""
    return list(therapists_offering(path.rules, path.service, "clients" if path.clients else "public"))


def _licensed_people(path: Path, region: str) -> list[Therapist]:
    return [each for each in people_of(path) if is_licensed(path.rules, each.id, region)]


def _not_licensed(path: Path, chosen: Chosen, region: str) -> str:
    person = path.rules.therapist_by_slug.get(chosen.person) if chosen.person else None
    if person is None:
        return "" if _licensed_people(path, region) else not_licensed_words("", region)
    return "" if is_licensed(path.rules, person.id, region) else not_licensed_words(person.name, region)
