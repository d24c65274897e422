"""Open times as the pages show them: by day, then by part of the day, each with a full accessible name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from practice.web.presenting import Habit, format_day, format_minute, format_zone

PARTS = ("Morning", "Afternoon", "Evening")
NOON, EVENING = 12 * 60, 17 * 60


@dataclass(frozen=True, slots=True)
class Choice:
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


@dataclass(frozen=True, slots=True)
class Offer:
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
    days: dict[date, dict[str, list[Choice]]] = {}
    for offer in offers:
        local = offer.starts_at.astimezone(place)
        minute = local.hour * 60 + local.minute
        text = format_minute(minute, habit)
        if is_repeated(local):
            text = f"{text} ({offset_words(local)})"
        day = local.date()
        label = f"{format_day(day)}, {text}, {zone_words}"
        if offer.note:
            label = f"{label}, {offer.note}"
        parts = days.setdefault(day, {})
        parts.setdefault(_part(minute), []).append(Choice(offer.value, text, label, offer.note, offer.href))
    return tuple(
        Day(format_day(day), day.isoformat(), tuple(Part(name, tuple(parts[name])) for name in PARTS if name in parts))
        for day, parts in days.items()
    )


def is_repeated(local: datetime) -> bool:
    """Whether the wall-clock time of ``local`` comes twice, because the clocks go back."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def offset_words(local: datetime) -> str:
    """ "UTC−4", "UTC+5:45"."""
    offset = local.utcoffset() or timedelta()
    sign = "−" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _part(minute: int) -> str:
    if minute < NOON:
        return PARTS[0]
    return PARTS[1] if minute < EVENING else PARTS[2]
