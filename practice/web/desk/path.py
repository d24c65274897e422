"""What the desk chose so far while it books for a caller, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from flask import g, url_for

from practice.db import db
from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import NotFound
from practice.domain.explaining import Choice
from practice.domain.intervals import instant
from practice.domain.needs import fitted
from practice.domain.rule_book import Modality, RuleBook, Service, Therapist
from practice.domain.slots import Slot
from practice.domain.weekly_hours import date_of
from practice.models import Client
from practice.queries.busy import current_rules
from practice.queries.clients import clients_by_public_id
from practice.queries.slots import times_of
from practice.services.finding import Wish
from practice.web.desk.forms import WayForm
from practice.web.fitting import known_of
from practice.web.times_shown import MEET_WORDS, SLOT

AT = "at:"


@dataclass(frozen=True, slots=True)
class Path:
    """The service that is booked, the time that was chosen ("" not yet), and who comes as far as it is known.

    ``service`` is as long as was chosen, with what those who come need; ``asking`` is what fits them.
    """

    rules: RuleBook
    service: Service
    at: str
    clients: tuple[Client, ...]
    asking: Asking = NOT_ASKING

    @property
    def needed(self) -> int:
        """How many clients come."""
        return 2 if self.service.kind == "couple" else 1

    @property
    def is_complete(self) -> bool:
        """Whether it is known who comes."""
        return len(self.clients) == self.needed

    @property
    def who(self) -> str:
        """The clients, as addresses carry them."""
        return ".".join(client.public_id for client in self.clients)

    def url(self, page: str, **more: str) -> str:
        """Return the address of a step, with all that was chosen."""
        values = {"at": self.at, "client": self.who, "length": str(self.asking.duration_minutes or ""), **more}
        return url_for(f"desk.{page}", slug=self.service.slug, **{k: v for k, v in values.items() if v})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A therapist and a start, and the slot where it is still open."""

    therapist: Therapist
    starts_at: datetime
    slot: Slot | None


def path_of(slug: str, args: Mapping[str, str]) -> Path:
    """Read ?at=, ?client= and ?length=. Raises NotFound for what is not there."""
    rules = current_rules(db.session())
    service = rules.service_by_slug.get(slug)
    at, who = args.get("at", ""), args.get("client", "")
    if service is None or (at and not SLOT.fullmatch(at)):
        raise NotFound
    ids = who.split(".") if who else []
    if len(ids) != len(set(ids)) or len(ids) > 2:
        raise NotFound
    clients = clients_by_public_id(db.session(), ids) if ids else []
    path = Path(rules, service, at, tuple(clients))
    if len(clients) != len(ids) or len(clients) > path.needed:
        raise NotFound
    return _fitting(path, args.get("length", ""))


def _fitting(path: Path, length: str) -> Path:
    """Return the path as long as ``length`` says, and as those who come need it; a group's dates are as they are."""
    if path.service.kind == "group":
        return path
    others = {str(each.minutes): each.minutes for each in path.rules.lengths_of(path.service.id)}
    if length and length not in others:
        raise NotFound
    known = known_of([client.id for client in path.clients])
    asking = Asking(others.get(length), known.needs, known.region)
    return replace(path, service=fitted(path.service, asking.duration_minutes, asking.needs), asking=asking)


def chosen_of(rules: RuleBook, service: Service, at: str, asking: Asking = NOT_ASKING) -> Chosen:
    """Return what "epoch minute.therapist" names. Raises NotFound where it names nothing."""
    found = SLOT.fullmatch(at)
    therapist = rules.therapist_by_slug.get(found[2]) if found else None
    if found is None or therapist is None:
        raise NotFound
    start = int(found[1])
    times = times_of(db.session(), service.slug, therapist.slug, viewer="staff", now=g.now, asking=asking)
    on = date_of(rules.practice.zone, start)
    slots = times.between(on, on, rules.practice.zone)
    slot = next((each for each in slots if each.start == start and each.therapist_id == therapist.id), None)
    return Chosen(therapist, instant(start), slot)


def ways_of(rules: RuleBook, slot: Slot | None) -> dict[str, str]:
    """Return how people can meet at a slot, as a form offers it; either way where it is gone."""
    if slot is None:
        return {str(way): words for way, words in MEET_WORDS.items()}
    places = [rules.location_by_id[place] for place in slot.ways.location_ids]
    ways = {AT + place.slug: f"In person, {place.name}" for place in places}
    return ways | ({"online": MEET_WORDS["online"]} if slot.ways.online else {})


def all_ways(rules: RuleBook) -> dict[str, str]:
    """Return every way to meet that a form may send; whether it is open then is for the service to say."""
    return MEET_WORDS | {AT + place.slug: place.name for place in rules.locations}


def choices_of(rules: RuleBook, service: Service, therapist: Therapist) -> dict[str, Choice]:
    """Return every way in which a therapist could meet people for a service, open then or not."""
    offer, theirs = rules.offer_of.get((therapist.id, service.id)), rules.places_of(therapist.id)
    places = [place for place in rules.locations if place.id in theirs]
    in_person = {AT + place.slug: Choice("in_person", place.id) for place in places}
    return (in_person if service.in_person and (offer is None or offer.in_person) else {}) | (
        {"online": Choice("online")} if service.online and (offer is None or offer.online) else {}
    )


def wish_of(path: Path, chosen: Chosen, form: WayForm) -> Wish:
    """Return the wish that the desk sends."""
    way = str(form.way.data)
    place = next((each.id for each in path.rules.locations if AT + each.slug == way), None)
    modality = cast("Modality", "in_person" if place is not None else way)
    return Wish(
        path.service.id,
        chosen.therapist.id,
        chosen.starts_at,
        modality,
        place,
        duration_minutes=path.asking.duration_minutes,
        needs=path.asking.needs,
        region=path.asking.region,
        override=form.override(),
    )
