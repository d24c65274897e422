"""Lists slots as JSON, from pieces that are kept for as long as the slots they stand for."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from practice.domain.intervals import instant
from practice.domain.openings import Sheet
from practice.domain.slots import Slot
from practice.queries.slots import Times

KEPT_SLOTS = 60_000


class Pieces:
    """The JSON of each slot of a sheet, by sheet and zone. A sheet never changes, so what is kept of it stays right."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[Sheet, list[bytes]]] = {}

    def of(self, times: Times, sheet: Sheet, zone: str) -> list[bytes]:
        """Return the pieces of a sheet, in the order of its slots."""
        key = (id(sheet), zone)
        found = self._kept.get(key)
        if found is None or found[0] is not sheet:
            found = (sheet, list(_pieces(times, sheet.slots, zone)))
            self._make_room(len(sheet.slots))
            self._kept[key] = found
        return found[1]

    def _make_room(self, wanted: int) -> None:
        """Forget the oldest until there is room. Threads may do so at once; the worst is that too much is forgotten."""
        kept = sum(len(pieces) for _, pieces in list(self._kept.values()))
        for key in list(self._kept):
            if kept + wanted <= KEPT_SLOTS:
                return
            gone = self._kept.pop(key, None)
            kept -= len(gone[1]) if gone else 0


PIECES = Pieces()


def slot_list(times: Times, first_on: date, last_on: date, zone: str) -> bytes:
    """Return the whole answer: every slot on these days, both inclusive, and the next date that has any."""
    after = times.next_from(last_on, zone)
    return b'{"time_zone":%s,"slots":[%s],"next_from":%s}' % (
        json.dumps(zone).encode(),
        b",".join(_all_pieces(times, first_on, last_on, zone)),
        b"null" if after is None else f'"{after.isoformat()}"'.encode(),
    )


def slot_items(times: Times, slots: Iterable[Slot], zone: str) -> list[dict[str, object]]:
    """Return some slots as the same objects, for answers that are not made of kept pieces."""
    return [json.loads(piece) for piece in _pieces(times, slots, zone)]


def _all_pieces(times: Times, first_on: date, last_on: date, zone: str) -> list[bytes]:
    if times.service.kind == "group":
        return list(_pieces(times, times.between(first_on, last_on, zone), zone))
    span = times.span(first_on, last_on, zone)
    found: list[bytes] = []
    for sheet in times.sheets(span):
        low, high = bisect_left(sheet.starts, span[0]), bisect_left(sheet.starts, span[1])
        found += PIECES.of(times, sheet, zone)[low:high]
    return found


def _pieces(times: Times, slots: Iterable[Slot], zone: str) -> Iterator[bytes]:
    place = ZoneInfo(zone)
    said: dict[int, str] = {}
    service = json.dumps(times.service.slug)
    therapists = {each.id: json.dumps(each.slug) for each in times.rules.therapists}

    def say(minute: int) -> str:
        text = said.get(minute)
        if text is None:
            text = said[minute] = instant(minute).astimezone(place).isoformat()
        return text

    for slot in slots:
        ways = '","'.join(slot.ways.modalities)
        yield (
            f'{{"starts_at":"{say(slot.start)}","ends_at":"{say(times.end_of(slot))}",'
            f'"therapist":{therapists[slot.therapist_id]},"service":{service},"modalities":["{ways}"]}}'
        ).encode()
