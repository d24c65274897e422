"""What the address of a day asks for: a column a therapist or a room, and filters that combine."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

from flask import url_for

from practice.domain.errors import NotFound
from practice.domain.rule_book import Location, RuleBook, Therapist
from practice.models import Appointment, ServiceKind
from practice.web.desk.options import Option
from practice.web.sessions_shown import State
from practice.web.times_shown import MEET_WORDS

BY_ROOM: Final = "room"
KINDS: Final = {
    ServiceKind.CONSULTATION: "First conversations",
    ServiceKind.INDIVIDUAL: "Individual sessions",
    ServiceKind.COUPLE: "Sessions for two",
    ServiceKind.GROUP: "Groups",
}
STATES: Final = {
    State.WAITING: "waiting",
    State.LATE: "late",
    State.IN_SESSION: "in session",
    State.TO_COME: "still to come",
    State.TO_NOTE: "to be noted",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as the address carries it: slugs, or "" for all."""

    by: str = ""
    location: str = ""
    therapist: str = ""
    modality: str = ""
    kind: str = ""
    state: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any((self.location, self.therapist, self.modality, self.kind, self.state))

    @property
    def by_room(self) -> bool:
        """Whether a column is a room."""
        return self.by == BY_ROOM

    def args(self) -> dict[str, str]:
        """Return what an address needs."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value}

    def url(self, endpoint: str, on: date | None = None, **changes: str) -> str:
        """Return the address of a page with the same wishes, or with some that differ."""
        days = {} if on is None else {"on": on.isoformat()}
        return url_for(endpoint, **days, **replace(self, **changes).args())  # type: ignore[arg-type]

    def takes_session(self, appointment: Appointment, rules: RuleBook) -> bool:
        """Whether a session is asked for, whatever the state of its places."""
        location, therapist = self._location(rules), self._therapist(rules)
        return (
            (location is None or appointment.location_id == location.id)
            and (therapist is None or therapist.id in {row.therapist_id for row in appointment.therapists})
            and self.modality in ("", appointment.modality)
            and self.kind in ("", appointment.service.kind)
        )

    def takes_therapist(self, therapist_id: int, rules: RuleBook) -> bool:
        """Whether a therapist is asked for."""
        therapist = self._therapist(rules)
        return therapist is None or therapist.id == therapist_id

    def takes_place(self, location_id: int | None, *, is_online: bool, rules: RuleBook) -> bool:
        """Whether time at a place (None: online only) that may be open to online sessions too is asked for."""
        location = self._location(rules)
        fits_place = location is None or location.id == location_id
        ways: dict[str, bool] = {"": True, "in_person": location_id is not None, "online": is_online}
        return fits_place and ways[self.modality]

    def _location(self, rules: RuleBook) -> Location | None:
        return next((each for each in rules.locations if each.slug == self.location), None)

    def _therapist(self, rules: RuleBook) -> Therapist | None:
        return rules.therapist_by_slug.get(self.therapist)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of the form above the board."""

    name: str
    label: str
    options: tuple[Option, ...]


def read_wanted(args: Mapping[str, str], rules: RuleBook) -> Wanted:
    """Read what an address asks for. Raises NotFound for what is not there."""
    if not args:
        return Wanted()
    wanted = Wanted(**{field.name: args.get(field.name, "") for field in fields(Wanted)})
    known: dict[str, set[str]] = {
        "by": {BY_ROOM},
        "location": {each.slug for each in rules.locations},
        "therapist": set(rules.therapist_by_slug),
        "modality": {str(way) for way in MEET_WORDS},
        "kind": {str(kind) for kind in KINDS},
        "state": {str(state) for state in STATES},
    }
    if any(value not in known[name] for name, value in wanted.args().items()):
        raise NotFound
    return wanted


def choices_of(wanted: Wanted, rules: RuleBook) -> tuple[Choice, ...]:
    """Return the filters as a form shows them. One that has a single choice is left out."""
    modalities = {str(way): words for way, words in MEET_WORDS.items()}
    places = {each.slug: each.name for each in rules.locations}
    people = {each.slug: each.name for each in rules.therapists}
    kinds = {str(kind): words for kind, words in KINDS.items() if any(each.kind == kind for each in rules.services)}
    found = (
        _choice("location", "Location", "Everywhere", places, wanted.location),
        _choice("therapist", "Therapist", "Everyone", people, wanted.therapist),
        _choice("modality", "Meeting", "In person and online", modalities, wanted.modality),
        _choice("kind", "Service", "All services", kinds, wanted.kind),
    )
    return tuple(each for each in found if len(each.options) > 2)


def _choice(name: str, label: str, everything: str, values: Mapping[str, str], chosen: str) -> Choice:
    options = (Option("", everything, not chosen), *(Option(str(v), words, v == chosen) for v, words in values.items()))
    return Choice(name, label, options)
