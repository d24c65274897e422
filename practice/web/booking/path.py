"""What was chosen so far, read from the address; and the service that is being booked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, url_for
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.asking import NOTHING_YET, Asking
from practice.domain.errors import NotFound
from practice.domain.intervals import instant
from practice.domain.regions import REGIONS
from practice.domain.rule_book import Modality, RuleBook, Service
from practice.domain.slots import is_open_to
from practice.queries.acting_for import ActedFor, acted_for
from practice.queries.busy import current_rules
from practice.queries.partners import came_together
from practice.services.finding import Wish
from practice.web.booking.forms import FOR_WHOM
from practice.web.fitting import asking_for, known_of
from practice.web.times_shown import MEETINGS, SLOT

STRANGERS = {"consultation": ("me", "someone", "us"), "couple": ("us",)}
ONE_PERSON = ("me", "someone")
SOMEBODY = "new"  # who comes with somebody signed in, and is not known here
LENGTH = re.compile(r"[1-9]\d{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen so far; ``therapist`` "" is not chosen yet, "anyone" is a choice.

    ``length`` is in minutes, None where the service's own; ``region`` is where somebody said to be online, or "".
    """

    who: str = ""
    therapist: str = ""
    meet: Modality | None = None
    at: str = ""
    length: int | None = None
    region: str = ""

    def query(self) -> dict[str, str]:
        """Return what the next address carries."""
        known = {"who": self.who, "therapist": self.therapist, "meet": self.meet or "", "at": self.at}
        known |= {"length": str(self.length or ""), "region": self.region}
        return {name: value for name, value in known.items() if value}

    def address(self, endpoint: str, service: str, **more: object) -> str:
        """Return the address of a step with all of it."""
        query = {**self.query(), **{name: str(value) for name, value in more.items() if value}}
        base = url_for(endpoint, slug=service)
        return f"{base}?{urlencode(query)}" if query else base

    @property
    def person(self) -> str | None:
        """The therapist's slug, or None for anyone."""
        return None if self.therapist in ("", "anyone") else self.therapist


def chosen_of(args: Mapping[str, Any]) -> Chosen:
    """Read ?who=, ?therapist=, ?meet=, ?at=, ?length= and ?region=. Raises NotFound for what they cannot be."""
    meet, at, length, region = (args.get(name) or "" for name in ("meet", "at", "length", "region"))
    if (meet and meet not in MEETINGS) or (at and not SLOT.fullmatch(at)):
        raise NotFound
    if (length and not LENGTH.fullmatch(length)) or (region and region not in REGIONS):
        raise NotFound
    therapist = args.get("therapist") or (at.partition(".")[2] if at else "")
    minutes = int(length) if length else None
    return Chosen(args.get("who") or "", therapist, MEETINGS.get(meet), at, minutes, region)


@dataclass(frozen=True, slots=True)
class Path:
    """The service that is being booked, by whom, and for whom it can be."""

    rules: RuleBook
    service: Service
    clients: tuple[ActedFor, ...]
    for_whom: tuple[str, ...]
    is_staff: bool = False
    partners: tuple[ActedFor, ...] = ()

    @property
    def is_for_two(self) -> bool:
        """Whether two people come."""
        return self.service.kind == "couple"

    @property
    def is_open(self) -> bool:
        """Whether whoever asks may book it here: strangers only what is public, staff at the desk."""
        return bool(self.clients) or (self.service.audience == "public" and not self.is_staff)

    @property
    def answers(self) -> dict[str, str]:
        """Who the session can be for, with words."""
        if self.clients:
            is_one = sum(each.is_self for each in self.clients) == 1
            own = {each.public_id: "Me" if each.is_self and is_one else each.name for each in self.clients}
            others = {each.public_id: each.name for each in self.partners}
            return {**own, **others, SOMEBODY: "Somebody who is new here"} if self.is_for_two else own
        return {name: FOR_WHOM[name] for name in self.for_whom}

    def people(self, who: str) -> tuple[ActedFor, ...]:
        """Return the clients that ``who`` names, of two at least one whom the reader books for.

        Somebody new is none of them yet. Raises NotFound where one is not theirs to book for, or to come with.
        """
        names = who.split(".")
        by_id = {each.public_id: each for each in (*self.clients, *self.partners)}
        found = tuple(by_id[name] for name in names if name in by_id)
        unknown = len(names) - len(found)
        is_two = self.is_for_two and len(set(names)) == len(names) == 2
        own = {each.public_id for each in self.clients}
        if unknown != names.count(SOMEBODY) or not (is_two if self.is_for_two else len(names) == 1 and not unknown):
            raise NotFound
        if not own & set(names):
            raise NotFound
        return found

    def places(self, who: str) -> int:
        """Return how many places the session takes. Raises NotFound for who cannot come."""
        if self.clients:
            self.people(who)
            return who.count(".") + 1
        if who not in self.for_whom:
            raise NotFound
        return 2 if who == "us" else 1


def path_of(slug: str) -> Path:
    """Return the way to book a service. Raises NotFound where there is none of that name."""
    session, identity = db.session(), g.identity
    clients = acted_for(session, identity.account_id, identity.books_for) if identity.books_for else ()
    rules = current_rules(session)
    service = rules.service_by_slug.get(slug)
    if service is None or not is_open_to(service.audience, "clients"):
        raise NotFound
    partners = _partners(session, clients) if clients and service.kind == "couple" else ()
    return Path(rules, service, clients, STRANGERS.get(service.kind, ONE_PERSON), identity.is_staff, partners)


def _partners(session: Session, clients: tuple[ActedFor, ...]) -> tuple[ActedFor, ...]:
    """Return with whom the clients came to a session for two before."""
    found = came_together(session, [each.id for each in clients])
    return tuple(ActedFor(each.id, each.public_id, each.display_name, is_self=False) for each in found)


def open_path_of(slug: str) -> Path:
    """Return the way to book a service. Raises NotFound where whoever asks may not book it here."""
    path = path_of(slug)
    if not path.is_open:
        raise NotFound
    return path


def asking_of(path: Path, chosen: Chosen) -> Asking:
    """Return what narrows the times for those who will come: the length, what they need, where they will be."""
    if path.service.kind == "group":
        return Asking()
    if not path.clients:
        return Asking(chosen.length, region=chosen.region, past=NOTHING_YET)
    people = [each.id for each in path.people(chosen.who)]
    own = [each for each in people if each in g.identity.books_for]  # where a partner is, is theirs to say
    region = chosen.region or known_of(own).region
    return asking_for(path.service, people, length=chosen.length, region=region)


def must_say_where(path: Path, meet: Modality | None, region: str) -> bool:
    """Whether it has to be known where somebody will be: online, where the practice checks licences."""
    return meet == "online" and not region and path.service.kind != "group" and path.rules.practice.checks_licences


def wish_of(path: Path, chosen: Chosen, asking: Asking) -> Wish:
    """Return what somebody wants to keep. Raises NotFound where it names nobody."""
    start, _, slug = chosen.at.partition(".")
    therapist = path.rules.therapist_by_slug.get(slug)
    if therapist is None or not is_open_to(therapist.listing, "clients" if path.clients else "public"):
        raise NotFound
    modality: Modality = chosen.meet or ("in_person" if path.service.in_person else "online")
    return Wish(
        path.service.id,
        therapist.id,
        instant(int(start)),
        modality,
        duration_minutes=asking.duration_minutes,
        needs=asking.needs,
        region=asking.region,
    )
