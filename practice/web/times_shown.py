"""A week of open times, for pages: opens on the first day that has any, and never on an empty month."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from practice.domain.intervals import Span, instant, overlaps
from practice.domain.rule_book import Modality, RuleBook, Service
from practice.domain.slots import Slot
from practice.domain.weekly_hours import date_of
from practice.queries.slots import Times
from practice.web.presenting import Habit, format_days
from practice.web.slot_days import Day, Offer, slot_days

LAST_DAY = timedelta(days=6)
ENOUGH, FARTHEST = 8, timedelta(days=28)
SLOT = re.compile(r"(\d{1,9})\.([A-Za-z0-9_-]{1,100})", re.ASCII)  # what ``value_of`` makes
MEETINGS: dict[str, Modality] = {"in_person": "in_person", "online": "online"}
MEET_WORDS: dict[Modality, str] = {"in_person": "In person", "online": "Online"}


@dataclass(frozen=True, slots=True)
class Week:
    """The times of a page, and the dates that earlier and later pages begin with, or None."""

    slots: tuple[Slot, ...]
    first_on: date
    last_on: date
    earlier: date | None
    later: date | None

    @property
    def words(self) -> str:
        """ "24 to 27 November"."""
        return format_days(self.first_on, self.last_on)


def week_of(times: Times, since: date | None, zone: str, meet: Modality | None) -> Week | None:
    """Return the first week with times from ``since`` on, one slot a start, or None where there are none.

    Where a week has few, as of a group that meets once, the weeks after it are added, up to five in all.
    """
    first = times.first_on(zone, since)
    while first is not None:
        last = first + LAST_DAY
        slots = _shown(times.between(first, last, zone), meet)
        later = times.next_from(last, zone)
        while len(slots) < ENOUGH and later is not None and later - first < FARTHEST:
            last = later + LAST_DAY
            slots += _shown(times.between(later, last, zone), meet)
            later = times.next_from(last, zone)
        if slots:
            on, until = (date_of(zone, slot.start) for slot in (slots[0], slots[-1]))
            return Week(slots, on, until, _earlier(times, on, zone, meet), later)
        first = later
    return None


def _earlier(times: Times, first: date, zone: str, meet: Modality | None) -> date | None:
    """Return where the week before ``first`` begins: as late as it can, and never on days without times."""
    earliest = times.first_on(zone)
    if earliest is None or earliest >= first:
        return None
    day = timedelta(days=1)
    week_before = max(earliest, first - LAST_DAY - day)
    for since in (week_before, earliest):
        on = times.first_on(zone, since)
        if on is not None and on < first and _shown(times.between(on, first - day, zone), meet):
            return on
    return None


def _shown(slots: Sequence[Slot], meet: Modality | None) -> tuple[Slot, ...]:
    """Return the first slot of each start that can be met in ``meet``."""
    if meet is not None:
        slots = [slot for slot in slots if (slot.ways.online if meet == "online" else slot.ways.location_ids)]
    first = {slot.start: slot for slot in reversed(slots)}
    return tuple(reversed(first.values()))


def free_of(slots: Sequence[Slot], service: Service, elsewhere: Sequence[Span]) -> list[Slot]:
    """Return the slots whose session shares no minute with the spans."""
    return [
        slot
        for slot in slots
        if not any(overlaps((slot.start, slot.start + service.duration_minutes), span) for span in elsewhere)
    ]


def days_of(
    slots: Iterable[Slot], rules: RuleBook, habit: Habit, *, meet: Modality | None, names_therapist: bool, prefix: str
) -> tuple[Day, ...]:
    """Return slots as the components show them; each time's link is ``prefix`` and its value.

    Under a time stands whose it is, unless that is known, and where, unless everybody meets at one place.
    """
    return _days_of(tuple(slots), rules, habit, meet, names_therapist, prefix)


@lru_cache(maxsize=64)  # the same times are looked at by many people; what they look like depends on nothing else
def _days_of(
    slots: tuple[Slot, ...], rules: RuleBook, habit: Habit, meet: Modality | None, names: bool, prefix: str
) -> tuple[Day, ...]:
    offers = []
    for slot in slots:
        value = value_of(slot, rules)
        note = note_of(slot, rules, meet, names_therapist=names)
        offers.append(Offer(instant(slot.start), value, note, prefix + value if prefix else ""))
    return slot_days(offers, rules.practice.zone, habit)


def value_of(slot: Slot, rules: RuleBook) -> str:
    """Return what a form sends for a slot: the epoch minute and the therapist's slug."""
    return f"{slot.start}.{rules.therapist_by_id[slot.therapist_id].slug}"


def note_of(slot: Slot, rules: RuleBook, meet: Modality | None, *, names_therapist: bool) -> str:
    """Return the words under a time."""
    notes = [rules.therapist_by_id[slot.therapist_id].name] if names_therapist else []
    if meet != "online" and slot.ways.location_ids and len(rules.locations) > 1:
        notes.append(rules.location_by_id[slot.ways.location_ids[0]].name)
    elif meet is None and not slot.ways.location_ids:
        notes.append(MEET_WORDS["online"])
    return ", ".join(notes)
