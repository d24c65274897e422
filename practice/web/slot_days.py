"""Open times as the pages show them: by day, then by part of the day, each with a full accessible name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from practice.web.presenting import Habit, format_day, format_minute, format_zone

PARTS = ("Morning", "Afternoon", "Evening")
NOON, EVENING = 12 * 60, 17 * 60


class Choice(NamedTuple):
    """A time to choose: ``value`` is what the form sends, ``label`` what a screen reader says."""

    value: str
    text: str
    label: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The morning, afternoon or evening of a day."""

    name: str
    slots: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A date that has times."""

    heading: str
    iso: str
    parts: tuple[Part, ...]


class Offer(NamedTuple):
    """What a caller knows of one time: when, the value it sends, whose it is, where its link leads."""

    starts_at: datetime
    value: str
    note: str = ""
    href: str = ""


def slot_days(offers: Iterable[Offer], zone: str, habit: Habit = "12h") -> tuple[Day, ...]:
    """``offers``, in order of time, grouped by date and part of the day on the clocks of ``zone``.

    Where the clocks go back, the two times that look the same are told apart by their offset.
    """
    place, zone_words = ZoneInfo(zone), format_zone(zone)
    local_times = ((offer.starts_at.astimezone(place), offer) for offer in offers)
    return tuple(
        _day(day, zone_words, habit, list(times))
        for day, times in groupby(local_times, key=lambda pair: pair[0].date())
    )


def _day(day: date, zone_words: str, habit: Habit, times: list[tuple[datetime, Offer]]) -> Day:
    heading = format_day(day)
    first, last = times[0][0], times[-1][0]
    can_repeat = first.utcoffset() != last.utcoffset() or is_repeated(first) or is_repeated(last)
    parts: dict[str, list[Choice]] = {}
    for local, (_, value, note, href) in times:
        minute = local.hour * 60 + local.minute
        text = format_minute(minute, habit)
        if can_repeat and is_repeated(local):
            text = f"{text} ({offset_words(local)})"
        label = f"{heading}, {text}, {note}, {zone_words}" if note else f"{heading}, {text}, {zone_words}"
        part = PARTS[0] if minute < NOON else PARTS[1] if minute < EVENING else PARTS[2]
        parts.setdefault(part, []).append(Choice(value, text, label, note, href))
    return Day(heading, day.isoformat(), tuple(Part(name, tuple(slots)) for name, slots in parts.items()))


def is_repeated(local: datetime) -> bool:
    """Whether the wall-clock time of ``local`` comes twice, because the clocks go back."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def offset_words(local: datetime) -> str:
    """ "UTC−4", "UTC+5:45"."""
    offset = local.utcoffset() or timedelta()
    sign = "−" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
