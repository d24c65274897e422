"""Which starts can be booked: the pure arithmetic, on bitmaps of one bit a minute.

A bitmap is a Python integer that stands for a span ``(first, end)`` of epoch minutes: bit ``i`` is the minute
``first + i``. Adding one start at a time is slow and easy to get wrong; on bitmaps each rule is one line:

- *free* is the complement of busy;
- *fits(free, n)* are the minutes from which ``n`` minutes in a row are free;
- a therapist can start where the hours have a start on the step **and** buffers and session fit **and**, in person,
  they fit in **one** of the rooms of the place (the OR over its rooms).

``Openings`` (``practice.domain.openings``) remembers the parts; nothing here remembers anything. What it offers,
``practice.domain.explaining`` decides again without bitmaps, one start at a time.

The rules: a session ``[start, start + duration)`` lies in one row of hours, on a multiple of the service's step from
the row's start, and touches neither time off nor a closure; ``[start - before, start + duration + after)`` is free for
the therapist and, in person, for a room with all features that the service asks for. Buffers may reach outside hours,
into time off and into closures. A closed location takes away sessions in person there, a closed practice all of them.
A length that is not offered has no starts. Where licences are checked and it is known in which region the client will
be, a session online starts on a date on which the therapist is licensed there. A therapist's load guard
(``practice.domain.load``) takes away what would be too much.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from practice.domain.asking import follows_consultation
from practice.domain.intervals import DAY, Span, merge, minute_ceil, minute_floor
from practice.domain.rule_book import RANK, Audience, Modality, RuleBook, Service, Therapist
from practice.domain.weekly_hours import date_of, hours_touching, minute_of


class Ways(NamedTuple):
    """How people can meet at a start: the places with a free room, in the order of the rows of hours, and online."""

    location_ids: tuple[int, ...]
    online: bool

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities of these ways; never empty for a slot."""
        if self.location_ids:
            return ("in_person", "online") if self.online else ("in_person",)
        return ("online",) if self.online else ()


class Slot(NamedTuple):
    """A start that can be booked now, as an epoch minute."""

    start: int
    therapist_id: int
    ways: Ways


class StartMasks(NamedTuple):
    """Starts of one therapist for one service as bitmaps: online, and in person by location id."""

    online: int
    places: tuple[tuple[int, int], ...]

    @property
    def all(self) -> int:
        """Starts with any way to meet."""
        union = self.online
        for _, mask in self.places:
            union |= mask
        return union


def is_open_to(audience: Audience, viewer: Audience) -> bool:
    """Whether something for ``audience`` is shown to ``viewer``: a stranger, a signed-in client, or staff."""
    return RANK[audience] <= RANK[viewer]


def therapists_offering(rules: RuleBook, service: Service, viewer: Audience) -> tuple[Therapist, ...]:
    """Return the therapists whose times for a service a viewer may see, in the order of display.

    Strangers see neither services and therapists listed to clients, nor therapists who take no new clients, nor what
    only follows a consultation. With an interpreter, only those who work with one.
    """
    if not is_open_to(service.audience, viewer) or (viewer == "public" and follows_consultation(service)):
        return ()
    return tuple(
        therapist
        for therapist in rules.therapists
        if (therapist.id, service.id) in rules.offer_of
        and is_open_to(therapist.listing, viewer)
        and (therapist.takes_new_clients or viewer != "public")
        and (therapist.works_with_interpreter or not service.with_interpreter)
    )


def bookable_span(rules: RuleBook, service: Service, now: datetime, viewer: Audience) -> Span:
    """Return the span of starts that are neither too soon nor too far ahead.

    Notice is elapsed time, exact to the microsecond; staff may book without notice, but not the past. The window
    counts dates of the practice: a start may lie on the date ``window_days`` after today's.
    """
    notice = rules.practice.notice_minutes if service.notice_minutes is None else service.notice_minutes
    if viewer == "staff":
        notice = 0
    first = minute_ceil(now + timedelta(minutes=notice))
    return first, max(first, window_end(rules, service, now))


def window_end(rules: RuleBook, service: Service, now: datetime) -> int:
    """Return the first epoch minute that is too far ahead."""
    days = rules.practice.window_days if service.window_days is None else service.window_days
    zone = rules.practice.zone
    return minute_of(zone, date_of(zone, minute_floor(now)) + timedelta(days=days + 1), 0)


def free_mask(busy: Sequence[Span], span: Span) -> int:
    """Return the minutes of ``span`` that no span of ``busy`` covers. ``busy`` is sorted and apart (``merge``)."""
    first, end = span
    mask = (1 << (end - first)) - 1
    for at in range(bisect_right(busy, first, key=_end), bisect_left(busy, end, key=_start)):
        start, stop = max(busy[at][0], first), min(busy[at][1], end)
        mask ^= ((1 << (stop - start)) - 1) << (start - first)
    return mask


def _start(span: Span) -> int:
    return span[0]


def _end(span: Span) -> int:
    return span[1]


def fits(free: int, length: int) -> int:
    """Return the minutes from which ``length`` minutes in a row are free (length ≥ 1)."""
    done = 1
    while done * 2 <= length:
        free &= free >> done
        done *= 2
    return free & (free >> (length - done))


def session_fits(busy: Sequence[Span], before: int, total: int, block: Span) -> int:
    """Return the starts in ``block`` at which ``total`` minutes, ``before`` of them earlier, are free of ``busy``.

    Bits past the end of the block may be set; candidates have none there.
    """
    return fits(free_mask(busy, (block[0] - before, block[1] - before + total)), total)


@lru_cache(maxsize=1024)
def steps(step: int, count: int) -> int:
    """Return a bitmap with ``count`` bits, ``step`` minutes apart, from bit 0 on."""
    return int(("0" * (step - 1) + "1") * count, 2)


def candidates(rules: RuleBook, therapist: Therapist, service: Service, block: Span, region: str = "") -> StartMasks:
    """Return the starts that the rule book allows in ``block``, whoever is busy: they depend on nothing else.

    ``region`` is where the client will be, for sessions online: "" where it does not matter.
    """
    offer = rules.offer_of.get((therapist.id, service.id))
    if offer is None or service.kind == "group" or not rules.offers_length(service.id, service.length_minutes):
        return StartMasks(0, ())
    length = block[1] - block[0]
    online, places = 0, dict[int, int]()
    for hours, (start, end) in hours_touching(rules, therapist.id, block):
        count = (end - start - service.duration_minutes) // service.step_minutes + 1
        if count < 1:
            continue
        offset = start - block[0]
        mask = steps(service.step_minutes, count)
        mask = (mask << offset if offset >= 0 else mask >> -offset) & ((1 << length) - 1)
        if hours.is_online and service.online and offer.online:
            online |= mask
        place = hours.location_id
        if place is not None and place in rules.location_by_id and service.in_person and offer.in_person:
            places[place] = places.get(place, 0) | mask
    allowed = _untouched((*rules.time_off_of(therapist.id), *rules.closures_of(None)), service, block)
    here = ((place, mask & _untouched(rules.closures_of(place), service, block)) for place, mask in places.items())
    online &= allowed & _licensed(rules, therapist, region, block)
    return StartMasks(online, tuple((place, mask & allowed) for place, mask in here))


def _licensed(rules: RuleBook, therapist: Therapist, region: str, block: Span) -> int:
    """Return the minutes of ``block`` on dates on which the therapist may meet people online who are in ``region``."""
    last = rules.licensed_until(therapist.id, region) if region else date.max
    if last == date.max:
        return -1
    until = block[0] if last is None else minute_of(rules.practice.zone, last, DAY)
    return (1 << max(until - block[0], 0)) - 1


def _untouched(spans: Iterable[Span], service: Service, block: Span) -> int:
    return session_fits(merge(spans), 0, service.duration_minutes, block)


def open_starts(allowed: StartMasks, therapist_fits: int, room_fits: dict[int, int]) -> StartMasks:
    """Return the candidates at which the therapist is free and, in person, one room of the place.

    ``room_fits`` holds, for each location id of the candidates, the OR of its rooms' ``session_fits``.
    """
    places = ((place, mask & therapist_fits & room_fits[place]) for place, mask in allowed.places)
    return StartMasks(allowed.online & therapist_fits, tuple((place, mask) for place, mask in places if mask))


def starts_in(mask: int, first: int) -> list[int]:
    """Return the epoch minutes of a bitmap that begins at ``first``, in order."""
    bits = bin(mask)[:1:-1]
    found = []
    at = bits.find("1")
    while at >= 0:
        found.append(first + at)
        at = bits.find("1", at + 1)
    return found


def ways_at(masks: StartMasks, first: int) -> list[tuple[int, Ways]]:
    """Return every start of the bitmaps with its ways to meet, in order."""
    parts = {Ways((), online=True): masks.online, Ways((), online=False): masks.all & ~masks.online}
    for place, mask in masks.places:
        split = {}
        for ways, part in parts.items():
            split[Ways((*ways.location_ids, place), ways.online)] = part & mask
            split[ways] = part & ~mask
        parts = {ways: part for ways, part in split.items() if part}
    return sorted((start, ways) for ways, part in parts.items() for start in starts_in(part, first))


@dataclass(frozen=True, slots=True)
class GroupSession:
    """A date of a group: an appointment that staff made. ``is_whole``: people come to its course as a whole only."""

    appointment_id: int
    service_id: int
    therapist_id: int
    start: int
    end: int
    capacity: int
    places_taken: int
    modality: Modality
    location_id: int | None = None
    is_whole: bool = False


def group_slots(
    rules: RuleBook, service: Service, sessions: Iterable[GroupSession], now: datetime, viewer: Audience
) -> list[GroupSession]:
    """Return the sessions of a group that a viewer can still join: free places, enough notice, inside the window."""
    if not is_open_to(service.audience, viewer):
        return []
    first, end = bookable_span(rules, service, now, viewer)
    return sorted(
        (
            session
            for session in sessions
            if session.service_id == service.id
            and first <= session.start < end
            and session.places_taken < session.capacity
            and (viewer == "staff" or not session.is_whole)
            and session.therapist_id in rules.therapist_by_id
            and is_open_to(rules.therapist_by_id[session.therapist_id].listing, viewer)
        ),
        key=lambda session: (session.start, session.appointment_id),
    )
