"""The slot engine with a memory: which starts are open, remembered by the week for as long as nothing changed.

How a caller uses it (``practice.queries.slots`` does)::

    openings = Openings(rules, busy)                 # busy: resource id -> sorted spans that are apart
    openings = openings.with_busy({7: spans})        # after a change: everything that did not change is kept
    openings.slots(service, therapists, span)        # every slot that starts in span, by start and therapist
    openings.first_start(service, therapists, span)  # the earliest start alone; nothing is listed

``service`` is a service of the rule book or what ``fitted`` made of one: another length, or rooms with more features.
``therapists`` comes from ``therapists_offering`` and ``span`` from ``bookable_span``, cut to what is asked for. Each
takes an ``asker`` as well (``practice.domain.asking``): in which region they are, whose client they are already.
``meetings`` holds the sessions, one by one, of those therapists who have a load guard.

An ``Openings`` never changes its answers; what it remembers are parts of them, so it can be shared by threads. A
resource whose busy time or whose meetings are needed and not known is an error (KeyError), never free.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from practice.domain.asking import ANYBODY, Asker
from practice.domain.intervals import DAY, Span
from practice.domain.load import Load, Meeting
from practice.domain.rule_book import RuleBook, Service, Therapist
from practice.domain.slots import Slot, StartMasks, candidates, open_starts, session_fits, ways_at

BLOCK = 7 * DAY
REMEMBERED = 20_000

Busy = Mapping[int, Sequence[Span]]
Meetings = Mapping[int, Sequence[Meeting]]
AllowedKey = tuple[int, str, int, str, int]
LeafKey = tuple[int, str, int, str, int, int]
SheetKey = tuple[int, str, tuple[int, ...], Asker, int]


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

    allowed: dict[AllowedKey, StartMasks] = field(default_factory=dict)
    leaves: dict[LeafKey, Leaf] = field(default_factory=dict)
    sheets: dict[SheetKey, Sheet] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether there is too much of it to go on."""
        return len(self.allowed) + len(self.sheets) >= REMEMBERED


class Openings:
    """What a rule book and busy time leave open. See the module for its use."""

    def __init__(
        self, rules: RuleBook, busy: Busy, memory: Memory | None = None, meetings: Meetings | None = None
    ) -> None:
        self.rules = rules
        self.busy = busy
        self.meetings: Meetings = meetings or {}
        self._memory = memory or Memory()
        self._fits: dict[int, dict[tuple[int, int, int], int]] = {}
        self._loads: dict[int, Load] = {}
        self._rooms: dict[tuple[int, frozenset[str], int, int, int], int] = {}
        self._masks: dict[LeafKey, StartMasks] = {}
        self._leaves: dict[LeafKey, Leaf] = {}
        self._sheets: dict[SheetKey, Sheet] = {}

    def with_busy(self, changed: Busy, meetings: Meetings | None = None) -> "Openings":
        """Return the openings after the busy time of some resources changed; what did not change is not redone.

        ``meetings`` are those of the changed resources that have some; whoever is not in it keeps theirs.
        """
        met = meetings or {}
        new = Openings(self.rules, {**self.busy, **changed}, self._memory, {**self.meetings, **met})
        new._fits.update((resource, kept) for resource, kept in list(self._fits.items()) if resource not in changed)
        new._loads.update((resource, kept) for resource, kept in list(self._loads.items()) if resource not in met)
        return new

    def masks(self, service: Service, therapist: Therapist, block: int, asker: Asker = ANYBODY) -> StartMasks:
        """Return the open starts of one block (number ``minute // BLOCK``) as bitmaps."""
        key = _key(service, therapist, block, asker)
        known = self._masks.get(key)
        if known is not None:
            return known
        found = self._allowed(service, therapist, block, asker.region)
        if found.online or found.places:
            rooms = {place: self._rooms_of(place, service, block) for place, _ in found.places}
            therapist_fits = self._fits_of(therapist.resource_id, service, block)
            if therapist.has_guard:
                therapist_fits &= self._load_of(therapist).allowed(service, _span(block), key[5])
            found = open_starts(found, therapist_fits, rooms)
        self._masks[key] = found
        return found

    def _allowed(self, service: Service, therapist: Therapist, block: int, region: str) -> StartMasks:
        key = (service.id, service.variant, therapist.id, region, block)
        allowed = self._memory.allowed.get(key)
        if allowed is None:
            if self._memory.is_full:
                self._forget()
            allowed = self._memory.allowed[key] = candidates(self.rules, therapist, service, _span(block), region)
        return allowed

    def _load_of(self, therapist: Therapist) -> Load:
        found = self._loads.get(therapist.resource_id)
        if found is None:
            found = Load(therapist, self.rules.practice.zone, self.meetings[therapist.resource_id])
            self._loads[therapist.resource_id] = found
        return found

    def _fits_of(self, resource_id: int, service: Service, block: int) -> int:
        known = self._fits.setdefault(resource_id, {})
        key = (service.before_minutes, service.total_minutes, block)
        found = known.get(key)
        if found is None:
            found = known[key] = session_fits(self.busy[resource_id], key[0], key[1], _span(block))
        return found

    def _rooms_of(self, location_id: int, service: Service, block: int) -> int:
        key = (location_id, service.room_features, service.before_minutes, service.total_minutes, block)
        found = self._rooms.get(key)
        if found is None:
            found = 0
            for room in self.rules.location_by_id[location_id].rooms:
                if service.room_features <= room.features:
                    found |= self._fits_of(room.resource_id, service, block)
            self._rooms[key] = found
        return found

    def leaf(self, service: Service, therapist: Therapist, block: int, asker: Asker = ANYBODY) -> Leaf:
        """Return one therapist's slots in one block."""
        key = _key(service, therapist, block, asker)
        found = self._leaves.get(key)
        if found is None:
            masks = self.masks(service, therapist, block, asker)
            found = self._memory.leaves.get(key)
            if found is None or found.masks != masks:
                slots = [Slot(start, therapist.id, ways) for start, ways in ways_at(masks, block * BLOCK)]
                found = self._memory.leaves[key] = Leaf(masks, slots)
            self._leaves[key] = found
        return found

    def sheets(
        self, service: Service, therapists: Sequence[Therapist], span: Span, asker: Asker = ANYBODY
    ) -> list[Sheet]:
        """Return the sheets that ``span`` touches, in order; the first and last may hold starts outside it."""
        ids = _ids(therapists)
        keys = ((service.id, service.variant, ids, asker, block) for block in _blocks(span))
        return [self._sheets.get(key) or self._sheet(service, therapists, key) for key in keys]

    def _sheet(self, service: Service, therapists: Sequence[Therapist], key: SheetKey) -> Sheet:
        asker, block = key[3], key[4]
        leaves = tuple(self.leaf(service, therapist, block, asker) for therapist in therapists)
        found = self._memory.sheets.get(key)
        if found is None or not all(map(_is, found.leaves, leaves)):
            rank = self.rules.therapist_rank
            slots = [slot for leaf in leaves for slot in leaf.slots]
            slots.sort(key=lambda slot: (slot.start, rank[slot.therapist_id]))
            found = self._memory.sheets[key] = Sheet(leaves, [slot.start for slot in slots], slots)
        self._sheets[key] = found
        return found

    def slots(
        self, service: Service, therapists: Sequence[Therapist], span: Span, asker: Asker = ANYBODY
    ) -> list[Slot]:
        """Return every slot whose start lies in ``span``, by start and then in the order of display."""
        found: list[Slot] = []
        for sheet in self.sheets(service, therapists, span, asker):
            low, high = bisect_left(sheet.starts, span[0]), bisect_left(sheet.starts, span[1])
            found += sheet.slots[low:high]
        return found

    def first_start(
        self, service: Service, therapists: Sequence[Therapist], span: Span, asker: Asker = ANYBODY
    ) -> int | None:
        """Return the earliest start in ``span`` with any of the therapists, or None. It lists nothing."""
        ids = _ids(therapists)
        for block in _blocks(span):
            sheet = self._sheets.get((service.id, service.variant, ids, asker, block))
            if sheet is None:
                found = self._first_in(service, therapists, block, span, asker)
            else:
                at = bisect_left(sheet.starts, span[0])
                found = sheet.starts[at] if at < len(sheet.starts) and sheet.starts[at] < span[1] else None
            if found is not None:
                return found
        return None

    def _first_in(
        self, service: Service, therapists: Sequence[Therapist], block: int, span: Span, asker: Asker
    ) -> int | None:
        first = block * BLOCK
        skip = max(span[0] - first, 0)
        best = limit = min(span[1] - first, BLOCK)
        for therapist in therapists:
            mask = self.masks(service, therapist, block, asker).all
            left = (mask >> skip) & ((1 << max(best - skip, 0)) - 1)
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
            self._loads,
        ):
            known.clear()


def _is(one: object, other: object) -> bool:
    return one is other


def _key(service: Service, therapist: Therapist, block: int, asker: Asker) -> LeafKey:
    """Return what the starts of a block depend on, and last until which minute of it a session would be a first one."""
    until = min(max(asker.first_until(therapist.id) - block * BLOCK, 0), BLOCK)
    return service.id, service.variant, therapist.id, asker.region, block, until


def _ids(therapists: Sequence[Therapist]) -> tuple[int, ...]:
    return tuple(therapist.id for therapist in therapists)


def _span(block: int) -> Span:
    return block * BLOCK, (block + 1) * BLOCK


def _blocks(span: Span) -> range:
    return range(span[0] // BLOCK, (span[1] - 1) // BLOCK + 1) if span[0] < span[1] else range(0)
