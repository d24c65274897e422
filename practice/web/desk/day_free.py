"""The next free times of a day, as the slot engine has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from practice.domain.intervals import instant, overlaps
from practice.domain.rule_book import Service, Therapist
from practice.domain.slots import Slot, bookable_span, therapists_offering
from practice.web.desk.day_columns import Day
from practice.web.presenting import format_time
from practice.web.times_shown import value_of

SHOWN = 3


@dataclass(frozen=True, slots=True)
class FreeTime:
    """ "11:30 AM Maya Lind, Garden room", leading into the booking."""

    starts_at: datetime
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class NextFree:
    """The first free times of several people; ``service`` says of what. Without any, ``times`` is empty."""

    service: str
    times: tuple[FreeTime, ...]


def next_free(day: Day) -> NextFree | None:
    """Return when people are free next on this day, or None where the day is over or groups are asked for."""
    service = _service(day)
    if service is None or day.span[1] <= day.now:
        return None
    low, high = bookable_span(day.rules, service, day.view.now, "staff")
    span = max(day.span[0], low), min(day.span[1], high)
    people = [
        each
        for each in therapists_offering(day.rules, service, "staff")
        if day.wanted.takes_therapist(each.id, day.rules)
    ]
    found = day.openings.slots(service, people, span) if people and span[0] < span[1] else []
    times = tuple(_shown(day, service, slot) for slot in _first_of_each(day, found))
    return NextFree(service.name, times)


def _service(day: Day) -> Service | None:
    kinds = (day.wanted.kind,) if day.wanted.kind else ("individual", "consultation", "couple")
    return next((each for kind in kinds if kind != "group" for each in day.rules.services if each.kind == kind), None)


def _first_of_each(day: Day, slots: list[Slot]) -> Iterator[Slot]:
    """Yield the first fitting slot of each therapist, the soonest few."""
    seen: set[int] = set()
    for slot in slots:
        fits = any(
            day.wanted.takes_place(place, is_online=slot.ways.online, rules=day.rules)
            for place in slot.ways.location_ids or (None,)
        )
        if fits and slot.therapist_id not in seen:
            seen.add(slot.therapist_id)
            yield slot
            if len(seen) == SHOWN:
                return


def _shown(day: Day, service: Service, slot: Slot) -> FreeTime:
    therapist: Therapist = day.rules.therapist_by_id[slot.therapist_id]
    starts_at = instant(slot.start)
    when = format_time(starts_at, day.view.zone, day.view.habit)
    words = f"{when} {therapist.name}, {_where(day, service, slot)}"
    return FreeTime(starts_at, words, url_for("desk.book_who", slug=service.slug, at=value_of(slot, day.rules)))


def _where(day: Day, service: Service, slot: Slot) -> str:
    """Return the room that the session would be given, "online" where it meets nowhere."""
    span = slot.start - service.before_minutes, slot.start - service.before_minutes + service.total_minutes
    for place in slot.ways.location_ids if day.wanted.modality != "online" else ():
        if day.wanted.takes_place(place, is_online=True, rules=day.rules):
            for room in day.rules.location_by_id[place].rooms:
                if not any(overlaps(span, busy) for busy in day.openings.busy.get(room.resource_id, ())):
                    return room.name
    return "online"
