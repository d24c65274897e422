"""Writes calendars (RFC 5545, 7986) for subscriptions and downloads.

An event is rendered alone and its bytes are kept: a feed is its head, the time zones that it uses and the events'
bytes, joined. What a reader may learn was decided before: a view holds nothing that must not be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vText

from practice.adapters.ical_zones import vtimezone

PRODID = "-//Foundations//Practice//EN"
REFRESH_EVERY = timedelta(hours=1)
TAIL = b"END:VCALENDAR\r\n"
STATUSES = {"held": "TENTATIVE", "booked": "CONFIRMED", "cancelled": "CANCELLED"}
BREAKS = str.maketrans({"\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\r": "\n", "\ufeff": ""})


@dataclass(frozen=True, slots=True)
class Repeats:
    """That an event stands for a whole series: every so many weeks up to a date (inclusive), but for some dates.

    ``minute`` is the minute of the day on the clock of the event's zone at which each begins.
    """

    minute: int
    every_weeks: int
    first: date
    last: date
    excluded: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """Which session of a series an event stands for: the date and the minute of the day that the series gives it."""

    zone: str
    on: date
    minute: int


@dataclass(frozen=True, slots=True)
class EventView:
    """One appointment as one reader may see it; instants are aware UTC, ``zone`` is the zone it was agreed in.

    With ``repeats`` it is the whole of a series, with ``instance`` one session of it that is not as the series says.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    status: Literal["held", "booked", "cancelled"]
    revised_at: datetime
    title: str
    location: str | None = None
    description: str | None = None
    repeats: Repeats | None = None
    instance: Instance | None = None


@dataclass(frozen=True, slots=True)
class FeedView:
    """What a feed says of itself; ``zone`` is carried even when no event uses it."""

    name: str
    zone: str
    color: str | None = None


@lru_cache(maxsize=8192)
def render_event(event: EventView) -> bytes:
    """Return the bytes of one VEVENT; the same view always gives the same bytes."""
    component = Event()
    component.add("UID", event.uid)
    component.add("DTSTAMP", _whole_seconds(event.revised_at))
    component.add("LAST-MODIFIED", _whole_seconds(event.revised_at))
    component.add("SEQUENCE", event.sequence)
    _add_times(component, event)
    component.add("STATUS", STATUSES[event.status])
    component.add("TRANSP", "TRANSPARENT" if event.status == "cancelled" else "OPAQUE")
    component.add("CLASS", "PRIVATE")
    component.add("SUMMARY", vText(printable(event.title)))
    if event.location:
        component.add("LOCATION", vText(printable(event.location)))
    if event.description:
        component.add("DESCRIPTION", vText(printable(event.description)))
    raw: bytes = component.to_ical()
    return raw


def _add_times(component: Event, event: EventView) -> None:
    """Say when it is: a series in wall time with an end in UTC, one session of it named by its original wall time."""
    repeats, instance = event.repeats, event.instance
    if repeats is None:
        starts_at, ends_at = _on_the_wall(event)
    else:
        starts_at = _wall(event.zone, repeats.first, repeats.minute)
        ends_at = starts_at + (event.ends_at - event.starts_at)
    if instance is not None:
        component.add("RECURRENCE-ID", _wall(instance.zone, instance.on, instance.minute))
    component.add("DTSTART", starts_at)
    component.add("DTEND", ends_at)
    if repeats is not None:
        until = _last_reading(_wall(event.zone, repeats.last, repeats.minute))
        component.add("RRULE", {"FREQ": "WEEKLY", "INTERVAL": repeats.every_weeks, "UNTIL": until})
        if repeats.excluded:
            component.add("EXDATE", [_wall(event.zone, on, repeats.minute) for on in repeats.excluded])


def _wall(zone: str, on: date, minute: int) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)


def _last_reading(wall: datetime) -> datetime:
    """Return the last instant that somebody may take a wall time for, where a change of the clocks allows two."""
    return max(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def render_feed(feed: FeedView, events: Iterable[EventView]) -> bytes:
    """Return a whole calendar: never a METHOD, an attendee or an alarm; without events it still holds its zone."""
    events = list(events)
    zones = sorted({feed.zone, *(zone for event in events for zone in _zones_of(event))})
    return b"".join([_head(feed), *(vtimezone(zone) for zone in zones), *map(render_event, events), TAIL])


def render_appointment(*events: EventView) -> bytes:
    """Return a calendar of one appointment, or of the dates of a course, to download or attach."""
    zones = sorted({zone for event in events for zone in _zones_of(event)})
    return b"".join([_head(None), *map(vtimezone, zones), *map(render_event, events), TAIL])


def _zones_of(event: EventView) -> set[str]:
    return {event.zone, event.instance.zone} if event.instance else {event.zone}


def printable(text: str) -> str:
    """Return the text with every kind of line break as one newline, and without what no calendar may hold."""
    lines = text.replace("\r\n", "\n").translate(BREAKS)
    return "".join(letter for letter in lines if letter in "\n\t" or not _is_forbidden(letter)).strip()


@lru_cache(maxsize=256)
def _head(feed: FeedView | None) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if feed is not None:
        name = vText(printable(feed.name))
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
        calendar.add("X-WR-TIMEZONE", vText(feed.zone))
        if feed.color is not None:
            calendar.add("COLOR", feed.color)
        calendar.add("REFRESH-INTERVAL", vDuration(REFRESH_EVERY), parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_EVERY))
    raw: bytes = calendar.to_ical()
    return raw.removesuffix(TAIL)


def _on_the_wall(event: EventView) -> tuple[datetime, datetime]:
    """Return start and end in the event's zone, or both in UTC where a wall time would name two instants."""
    zone = ZoneInfo(event.zone)
    local = [_whole_seconds(instant).astimezone(zone) for instant in (event.starts_at, event.ends_at)]
    if any(_is_repeated(moment) for moment in local):
        local = [moment.astimezone(UTC) for moment in local]
    return local[0], local[1]


def _is_repeated(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _whole_seconds(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def _is_forbidden(letter: str) -> bool:
    code = ord(letter)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
