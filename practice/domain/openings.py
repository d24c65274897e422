"""The slot engine with a memory: which starts are open, remembered by the week for as long as nothing changed.

How a caller uses it (``practice.queries.slots`` does)::

    openings = Openings(rules, busy)                 # busy: resource id -> sorted spans that are apart
    openings = openings.with_busy({7: spans})        # after a change: everything that did not change is kept
    openings.slots(service, therapists, span)        # every slot that starts in span, by start and therapist
    openings.first_start(service, therapists, span)  # the earliest start alone; nothing is listed

``therapists`` comes from ``therapists_offering`` and ``span`` from ``bookable_span``, cut to what is asked for.
An ``Openings`` never changes its answers; what it remembers are parts of them, so it can be shared by threads. A
resource whose busy time is not known is an error (KeyError), never free.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from practice.domain.intervals import DAY, Span
from practice.domain.rule_book import RuleBook, Service, Therapist
from practice.domain.slots import Slot, StartMasks, candidates, open_starts, session_fits, ways_at

BLOCK = 7 * DAY
REMEMBERED = 20_000

Busy = Mapping[int, Sequence[Span]]


class Leaf(NamedTuple):
    """One therapist's slots for one service in one block."""

    masks: StartMasks
    slots: list[Slot]


class Sheet(NamedTuple):
    """The slots of some therapists for one service in one block, by start and then in their order of display.

    The same object comes back for as long as none of them changed, so it can be the key of what is made of it.
    """

    leaves: tuple[Leaf, ...]
    starts: list[int]
    slots: list[Slot]


@dataclass(slots=True)
class Memory:
    """What outlives a change of busy time: what the rules allow, and the leaves and sheets made last."""

    allowed: dict[tuple[int, int, int], StartMasks] = field(default_factory=dict)
    leaves: dict[tuple[int, int, int], Leaf] = field(default_factory=dict)
    sheets: dict[tuple[int, tuple[int, ...], int], Sheet] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether there is too much of it to go on."""
        return len(self.allowed) + len(self.sheets) >= REMEMBERED


class Openings:
    """What a rule book and busy time leave open. See the module for its use."""

    def __init__(self, rules: RuleBook, busy: Busy, memory: Memory | None = None) -> None:
        self.rules = rules
        self.busy = busy
        self._memory = memory or Memory()
        self._fits: dict[int, dict[tuple[int, int, int], int]] = {}
        self._rooms: dict[tuple[int, int, int, int], int] = {}
        self._masks: dict[tuple[int, int, int], StartMasks] = {}
        self._leaves: dict[tuple[int, int, int], Leaf] = {}
        self._sheets: dict[tuple[int, tuple[int, ...], int], Sheet] = {}

    def with_busy(self, changed: Busy) -> "Openings":
        """Return the openings after the busy time of some resources changed; what did not change is not redone."""
        new = Openings(self.rules, {**self.busy, **changed}, self._memory)
        new._fits.update((resource, kept) for resource, kept in list(self._fits.items()) if resource not in changed)
        return new

    def masks(self, service: Service, therapist: Therapist, block: int) -> StartMasks:
        """Return the open starts of one block (number ``minute // BLOCK``) as bitmaps."""
        key = (service.id, therapist.id, block)
        known = self._masks.get(key)
        if known is not None:
            return known
        allowed = self._memory.allowed.get(key)
        if allowed is None:
            if self._memory.is_full:
                self._forget()
            allowed = self._memory.allowed[key] = candidates(self.rules, therapist, service, _span(block))
        found = allowed
        if allowed.online or allowed.places:
            rooms = {place: self._rooms_of(place, service, block) for place, _ in allowed.places}
            found = open_starts(allowed, self._fits_of(therapist.resource_id, service, block), rooms)
        self._masks[key] = found
        return found

    def _fits_of(self, resource_id: int, service: Service, block: int) -> int:
        known = self._fits.setdefault(resource_id, {})
        key = (service.before_minutes, service.total_minutes, block)
        found = known.get(key)
        if found is None:
            found = known[key] = session_fits(self.busy[resource_id], key[0], key[1], _span(block))
        return found

    def _rooms_of(self, location_id: int, service: Service, block: int) -> int:
        key = (location_id, service.before_minutes, service.total_minutes, block)
        found = self._rooms.get(key)
        if found is None:
            found = 0
            for room in self.rules.location_by_id[location_id].rooms:
                found |= self._fits_of(room.resource_id, service, block)
            self._rooms[key] = found
        return found

    def leaf(self, service: Service, therapist: Therapist, block: int) -> Leaf:
        """Return one therapist's slots in one block."""
        key = (service.id, therapist.id, block)
        found = self._leaves.get(key)
        if found is None:
            masks = self.masks(service, therapist, block)
            found = self._memory.leaves.get(key)
            if found is None or found.masks != masks:
                slots = [Slot(start, therapist.id, ways) for start, ways in ways_at(masks, block * BLOCK)]
                found = self._memory.leaves[key] = Leaf(masks, slots)
            self._leaves[key] = found
        return found

    def sheets(self, service: Service, therapists: Sequence[Therapist], span: Span) -> list[Sheet]:
        """Return the sheets that ``span`` touches, in order; the first and last may hold starts outside it."""
        ids = _ids(therapists)
        return [
            self._sheets.get((service.id, ids, block)) or self._sheet(service, therapists, ids, block)
            for block in _blocks(span)
        ]

    def _sheet(self, service: Service, therapists: Sequence[Therapist], ids: tuple[int, ...], block: int) -> Sheet:
        key = (service.id, ids, block)
        leaves = tuple(self.leaf(service, therapist, block) for therapist in therapists)
        found = self._memory.sheets.get(key)
        if found is None or not all(map(_is, found.leaves, leaves)):
            rank = self.rules.therapist_rank
            slots = [slot for leaf in leaves for slot in leaf.slots]
            slots.sort(key=lambda slot: (slot.start, rank[slot.therapist_id]))
            found = self._memory.sheets[key] = Sheet(leaves, [slot.start for slot in slots], slots)
        self._sheets[key] = found
        return found

    def slots(self, service: Service, therapists: Sequence[Therapist], span: Span) -> list[Slot]:
        """Return every slot whose start lies in ``span``, by start and then in the order of display."""
        found: list[Slot] = []
        for sheet in self.sheets(service, therapists, span):
            low, high = bisect_left(sheet.starts, span[0]), bisect_left(sheet.starts, span[1])
            found += sheet.slots[low:high]
        return found

    def first_start(self, service: Service, therapists: Sequence[Therapist], span: Span) -> int | None:
        """Return the earliest start in ``span`` with any of the therapists, or None. It lists nothing."""
        ids = _ids(therapists)
        for block in _blocks(span):
            sheet = self._sheets.get((service.id, ids, block))
            if sheet is None:
                found = self._first_in(service, therapists, block, span)
            else:
                at = bisect_left(sheet.starts, span[0])
                found = sheet.starts[at] if at < len(sheet.starts) and sheet.starts[at] < span[1] else None
            if found is not None:
                return found
        return None

    def _first_in(self, service: Service, therapists: Sequence[Therapist], block: int, span: Span) -> int | None:
        first = block * BLOCK
        skip = max(span[0] - first, 0)
        best = limit = min(span[1] - first, BLOCK)
        for therapist in therapists:
            left = (self.masks(service, therapist, block).all >> skip) & ((1 << max(best - skip, 0)) - 1)
            if left:
                best = skip + (left & -left).bit_length() - 1
        return first + best if best < limit else None

    def _forget(self) -> None:
        memory = self._memory
        for known in (
            memory.allowed,
            memory.leaves,
            memory.sheets,
            self._rooms,
            self._leaves,
            self._sheets,
            self._fits,
        ):
            known.clear()


def _is(one: object, other: object) -> bool:
    return one is other


def _ids(therapists: Sequence[Therapist]) -> tuple[int, ...]:
    return tuple(therapist.id for therapist in therapists)


def _span(block: int) -> Span:
    return block * BLOCK, (block + 1) * BLOCK


def _blocks(span: Span) -> range:
    return range(span[0] // BLOCK, (span[1] - 1) // BLOCK + 1) if span[0] < span[1] else range(0)
