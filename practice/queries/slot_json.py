"""Open times as the JSON of the API, fast: the text of each slot is kept with its sheet, for as long as that stands."""

import json
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from practice.domain.intervals import instant
from practice.domain.openings import Sheet
from practice.domain.slots import Slot, Ways
from practice.queries.slots import Times

ZONES_KEPT = 4  # a sheet's texts are kept in so many zones: who asks for every zone there is must not fill the memory


def slots_json(times: Times, first_on: date, last_on: date, zone: str) -> bytes:
    """Return ``{"time_zone", "slots", "next_from"}`` for some days, both inclusive, in ``zone`` (which exists)."""
    if times.sessions:
        texts = _texts(times, times.between(first_on, last_on, zone), zone)
    else:
        texts = _kept_texts(times, first_on, last_on, zone)
    following = times.next_from(last_on, zone)
    return b"".join(
        (
            f'{{"time_zone":{json.dumps(zone)},"slots":['.encode(),
            ",".join(texts).encode(),
            f'],"next_from":{"null" if following is None else json.dumps(following.isoformat())}}}'.encode(),
        )
    )


def _kept_texts(times: Times, first_on: date, last_on: date, zone: str) -> list[str]:
    span = times.span(first_on, last_on, zone)
    found: list[str] = []
    for sheet in times.sheets(span):
        low, high = bisect_left(sheet.starts, span[0]), bisect_left(sheet.starts, span[1])
        found += _sheet_texts(times, sheet, zone)[low:high]
    return found


def _sheet_texts(times: Times, sheet: Sheet, zone: str) -> list[str]:
    texts = sheet.texts.get(zone)
    if texts is None:
        texts = _texts(times, sheet.slots, zone)
        if len(sheet.texts) >= ZONES_KEPT:
            sheet.texts.clear()
        sheet.texts[zone] = texts
    return texts


def _texts(times: Times, slots: Iterable[Slot], zone: str) -> list[str]:
    service = json.dumps(times.service.slug)
    names = {each.id: json.dumps(each.slug) for each in times.therapists}
    tails: dict[tuple[int, Ways], str] = {}
    texts = []
    for slot in slots:
        key = (slot.therapist_id, slot.ways)
        tail = tails.get(key)
        if tail is None:
            modalities = json.dumps(slot.ways.modalities, separators=(",", ":"))
            tail = f'","therapist":{names[slot.therapist_id]},"service":{service},"modalities":{modalities}}}'
            tails[key] = tail
        texts.append(f'{{"starts_at":"{_stamp(zone, slot.start)}","ends_at":"{_stamp(zone, times.end_of(slot))}{tail}')
    return texts


@lru_cache(maxsize=16384)
def _stamp(zone: str, minute: int) -> str:
    """Return an epoch minute as an ISO 8601 instant with the zone's offset."""
    return instant(minute).astimezone(ZoneInfo(zone)).isoformat()
