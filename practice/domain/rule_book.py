"""The rule book: everything but busy time that decides which times can be booked, as one frozen snapshot.

A query builds it (``RuleBook(...)``), the slot engine and ``explain`` read it. Two rule books with the same
``revision`` are the same. Fields carry the names of the models; lengths are minutes, spans are epoch minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from practice.domain.intervals import Span

Audience = Literal["public", "clients", "staff"]
Modality = Literal["in_person", "online"]

RANK = {"public": 0, "clients": 1, "staff": 2}


@dataclass(frozen=True, slots=True)
class PracticeRules:
    """The practice's own zone and its defaults for notice and for how far ahead people book."""

    zone: str
    notice_minutes: int
    window_days: int
    checks_licences: bool = False
    gives_estimates: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a location."""

    id: int
    resource_id: int
    location_id: int
    name: str = ""
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Location:
    """A place, with its rooms in the order in which they are given out."""

    id: int
    slug: str
    zone: str
    name: str = ""
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of session. ``notice_minutes`` and ``window_days`` are the practice's where they are None.

    ``room_features`` are those that a room must have, all of them. ``variant`` is not empty for a service as it is for
    one wish (``practice.domain.needs.fitted``): ``extra_minutes`` of its duration are then beyond the length that was
    chosen, at no other price, and ``with_interpreter`` says that one comes along.
    """

    id: int
    slug: str
    kind: str
    duration_minutes: int
    before_minutes: int = 0
    after_minutes: int = 0
    step_minutes: int = 30
    notice_minutes: int | None = None
    window_days: int | None = None
    audience: Audience = "public"
    in_person: bool = True
    online: bool = True
    capacity: int = 1
    price_cents: int = 0
    name: str = ""
    needs_approval: bool = False
    needs_consultation: bool = False
    max_per_week: int | None = None
    room_features: frozenset[str] = frozenset()
    variant: str = ""
    extra_minutes: int = 0
    with_interpreter: bool = False

    @property
    def length_minutes(self) -> int:
        """The length that was chosen, and is paid for."""
        return self.duration_minutes - self.extra_minutes

    @property
    def total_minutes(self) -> int:
        """How long a therapist and a room are busy with it, buffers included."""
        return self.before_minutes + self.duration_minutes + self.after_minutes


@dataclass(frozen=True, slots=True)
class Therapist:
    """Somebody who leads sessions. ``listing`` says who sees them.

    The load guard: at most ``max_in_row`` sessions with less than ``break_minutes`` between them, ``max_a_day`` on a
    date of the practice, ``max_first_a_week`` first sessions in a week of it; None is no limit.
    """

    id: int
    slug: str
    resource_id: int
    zone: str
    listing: Audience = "public"
    takes_new_clients: bool = True
    name: str = ""
    max_in_row: int | None = None
    break_minutes: int = 30
    max_a_day: int | None = None
    max_first_a_week: int | None = None
    works_with_interpreter: bool = False
    supervisor_id: int | None = None

    @property
    def has_guard(self) -> bool:
        """Whether there is a limit to what they do."""
        return (self.max_in_row, self.max_a_day, self.max_first_a_week) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Offer:
    """That a therapist offers a service, and how; ``price_cents`` where it differs from the service's."""

    therapist_id: int
    service_id: int
    in_person: bool = True
    online: bool = True
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """Another length that a service is offered in; ``price_cents`` where it differs."""

    service_id: int
    minutes: int
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A therapist's permission to practise in a region ("NY"), until ``expires_on`` inclusive."""

    therapist_id: int
    region: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """Wall-clock hours of one date: minutes of the day (0 to 1440) in ``zone``.

    ``location_id`` None is online only; a row with a location may be open to online sessions too.
    """

    start_minute: int
    end_minute: int
    zone: str
    location_id: int | None = None
    is_online: bool = True


@dataclass(frozen=True, slots=True)
class Availability:
    """Weekly hours of a therapist: ``weekday`` 0 is Monday; valid from and until are dates of the row, inclusive."""

    therapist_id: int
    weekday: int
    hours: Hours
    valid_from: date
    valid_until: date | None = None

    def is_valid_on(self, on: date) -> bool:
        """Whether the row holds on a date of its weekday."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, eq=False)
class RuleBook:
    """A snapshot of all rules. Archived things are not in it; therapists and rooms are in their order of display.

    ``date_hours`` replaces all of a therapist's weekly hours on a date, with no hours where it holds an empty tuple.
    ``closures`` are (location id, or None for the whole practice, start, end).
    """

    revision: str
    practice: PracticeRules
    locations: tuple[Location, ...] = ()
    services: tuple[Service, ...] = ()
    therapists: tuple[Therapist, ...] = ()
    offers: tuple[Offer, ...] = ()
    availability: tuple[Availability, ...] = ()
    date_hours: Mapping[tuple[int, date], tuple[Hours, ...]] = field(default_factory=dict)
    time_off: tuple[tuple[int, Span], ...] = ()
    closures: tuple[tuple[int | None, Span], ...] = ()
    lengths: tuple[Length, ...] = ()
    licences: tuple[Licence, ...] = ()

    @classmethod
    def empty(cls) -> "RuleBook":
        """Return a book without a single rule, which offers nothing."""
        return cls("", PracticeRules(zone="UTC", notice_minutes=0, window_days=1))

    @cached_property
    def location_by_id(self) -> Mapping[int, Location]:
        """Locations by id."""
        return {location.id: location for location in self.locations}

    @cached_property
    def service_by_id(self) -> Mapping[int, Service]:
        """Services by id."""
        return {service.id: service for service in self.services}

    @cached_property
    def service_by_slug(self) -> Mapping[str, Service]:
        """Services by slug."""
        return {service.slug: service for service in self.services}

    @cached_property
    def therapist_by_id(self) -> Mapping[int, Therapist]:
        """Therapists by id."""
        return {therapist.id: therapist for therapist in self.therapists}

    @cached_property
    def therapist_by_slug(self) -> Mapping[str, Therapist]:
        """Therapists by slug."""
        return {therapist.slug: therapist for therapist in self.therapists}

    @cached_property
    def therapist_rank(self) -> Mapping[int, int]:
        """Where each therapist stands in the order of display, by id."""
        return {therapist.id: rank for rank, therapist in enumerate(self.therapists)}

    @cached_property
    def offer_of(self) -> Mapping[tuple[int, int], Offer]:
        """Offers by (therapist id, service id)."""
        return {(offer.therapist_id, offer.service_id): offer for offer in self.offers}

    @cached_property
    def offers_by(self) -> Mapping[int, tuple[Offer, ...]]:
        """Offers by therapist id."""
        offers: dict[int, list[Offer]] = {}
        for offer in self.offers:
            offers.setdefault(offer.therapist_id, []).append(offer)
        return {therapist_id: tuple(theirs) for therapist_id, theirs in offers.items()}

    @cached_property
    def _weekly(self) -> Mapping[tuple[int, int], tuple[Availability, ...]]:
        weekly: dict[tuple[int, int], tuple[Availability, ...]] = {}
        for row in self.availability:
            key = (row.therapist_id, row.weekday)
            weekly[key] = (*weekly.get(key, ()), row)
        return weekly

    @cached_property
    def _time_off(self) -> Mapping[int, tuple[Span, ...]]:
        spans: dict[int, tuple[Span, ...]] = {}
        for therapist_id, span in self.time_off:
            spans[therapist_id] = (*spans.get(therapist_id, ()), span)
        return spans

    def hours_on(self, therapist_id: int, on: date) -> tuple[Hours, ...]:
        """Return a therapist's rows of hours for one date, after date hours and validity."""
        replaced = self.date_hours.get((therapist_id, on))
        if replaced is not None:
            return replaced
        rows = self._weekly.get((therapist_id, on.weekday()), ())
        return tuple(row.hours for row in rows if row.is_valid_on(on))

    def time_off_of(self, therapist_id: int) -> tuple[Span, ...]:
        """Return a therapist's time off."""
        return self._time_off.get(therapist_id, ())

    def closures_of(self, location_id: int | None) -> tuple[Span, ...]:
        """Return closures of the whole practice (None), or those of one location alone."""
        return tuple(span for closed_id, span in self.closures if closed_id == location_id)

    def lengths_of(self, service_id: int) -> tuple[Length, ...]:
        """Return every length that a service is offered in, the shortest first, its own among them."""
        own = Length(service_id, self.service_by_id[service_id].duration_minutes)
        others = (each for each in self.lengths if each.service_id == service_id and each.minutes != own.minutes)
        return tuple(sorted((own, *others), key=lambda each: each.minutes))

    def offers_length(self, service_id: int, minutes: int) -> bool:
        """Whether a service can be booked in a length."""
        return minutes in self._minutes[service_id]

    @cached_property
    def _minutes(self) -> Mapping[int, Mapping[int, Length]]:
        return {each.id: {one.minutes: one for one in self.lengths_of(each.id)} for each in self.services}

    def price_cents(self, therapist_id: int, service_id: int, minutes: int | None = None) -> int:
        """Return what a session costs with a therapist, in a length other than the service's own where one is given.

        A length's own price counts; without one it is the therapist's for that service, and without that the service's.
        """
        length = None if minutes is None else self._minutes[service_id].get(minutes)
        if length is not None and length.price_cents is not None:
            return length.price_cents
        own = self.offer_of[therapist_id, service_id].price_cents
        return self.service_by_id[service_id].price_cents if own is None else own

    @cached_property
    def licence_regions(self) -> frozenset[str]:
        """Every region that somebody is or was licensed in."""
        return frozenset(licence.region for licence in self.licences)

    @cached_property
    def _licensed_until(self) -> Mapping[tuple[int, str], date]:
        until: dict[tuple[int, str], date] = {}
        for each in self.licences:
            key = (each.therapist_id, each.region)
            until[key] = max(each.expires_on or date.max, until.get(key, date.min))
        return until

    def licensed_until(self, therapist_id: int, region: str) -> date | None:
        """Return the last date on which a therapist is licensed in a region, ``date.max`` for ever, None not at all."""
        return self._licensed_until.get((therapist_id, region))

    @cached_property
    def guarded(self) -> frozenset[int]:
        """The resources of the therapists whose load is guarded."""
        return frozenset(therapist.resource_id for therapist in self.therapists if therapist.has_guard)

    @cached_property
    def limit_first(self) -> tuple[Therapist, ...]:
        """The therapists who limit first sessions."""
        return tuple(therapist for therapist in self.therapists if therapist.max_first_a_week is not None)

    def places_of(self, therapist_id: int) -> frozenset[int]:
        """Return the ids of all locations that a therapist's rows of hours name, whatever their date."""
        return self._places.get(therapist_id, frozenset())

    @cached_property
    def _places(self) -> Mapping[int, frozenset[int]]:
        places: dict[int, set[int]] = {}
        weekly = ((row.therapist_id, row.hours) for row in self.availability)
        single = ((therapist_id, hours) for (therapist_id, _), rows in self.date_hours.items() for hours in rows)
        for therapist_id, hours in (*weekly, *single):
            if hours.location_id is not None:
                places.setdefault(therapist_id, set()).add(hours.location_id)
        return {therapist_id: frozenset(ids) for therapist_id, ids in places.items()}
