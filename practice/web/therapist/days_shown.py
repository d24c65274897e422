"""The days of a therapist's calendar as columns: sessions, hours, time away, the line of now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import url_for

from practice.domain.intervals import DAY, Span, instant, overlaps
from practice.domain.rule_book import RuleBook
from practice.domain.weekly_hours import days_span, span_on
from practice.models import AppointmentStatus, Attendance, ServiceKind
from practice.queries.diary import DiaryEntry, DiarySeat
from practice.web.board import Action, Block, Column, Status, now_block
from practice.web.presenting import WEEKDAYS, Habit, format_minute, format_time, join_words
from practice.web.sessions_shown import WAITS, status_of, steps_of

LOOKS = {
    ServiceKind.CONSULTATION: "hue-2",
    ServiceKind.INDIVIDUAL: "hue-1",
    ServiceKind.COUPLE: "hue-3",
    ServiceKind.GROUP: "hue-5",
}
WHOLE = (9 * 60, 17 * 60)  # where a whole day away is drawn, when nothing else says how long the day is
ENDED = Status("Cancelled", "ended")
HELD = Status("Held", "", "clock")


@dataclass(frozen=True)
class Days:
    """What the pages of one therapist's days stand on."""

    therapist_id: int
    zone: str
    habit: Habit
    now: datetime
    today: date
    rules: RuleBook
    entries: Sequence[DiaryEntry]

    def date_of(self, moment: datetime) -> date:
        """Return the date on this therapist's clock."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def minutes(self, start: datetime, end: datetime, on: date) -> Span:
        """Return the part of a span that lies on a date, in minutes of the wall-clock day."""
        place = ZoneInfo(self.zone)
        first, last = start.astimezone(place), end.astimezone(place)
        return (
            first.hour * 60 + first.minute if first.date() == on else 0,
            last.hour * 60 + last.minute if last.date() == on else DAY,
        )


def column(days: Days, on: date, *, with_actions: bool = False) -> Column:
    """Return one day: cancelled sessions only where nothing else took their time."""
    entries = [each for each in days.entries if days.date_of(each.starts_at) == on]
    live = [each for each in entries if each.status != AppointmentStatus.CANCELLED]
    quiet = [each for each in entries if each not in live and not any(_meet(each, other) for other in live)]
    blocks = [_block(days, each, on, with_actions=with_actions) for each in (*live, *quiet)]
    hours = _hours(days, on)
    if on == days.today:
        blocks.append(now_block(days.minutes(days.now, days.now, on)[0], days.habit))
    return Column(
        key=on.isoformat(),
        heading=f"{WEEKDAYS[on.weekday()]} {on.day}",
        under=", ".join(short_span(start, end, days.habit) for start, end in hours) or "No hours",
        blocks=(*blocks, *_away(days, on, hours)),
        is_today=on == days.today,
        empty="Nothing booked",
        hours=hours,
        href=url_for("therapist.one_day", on=on.isoformat()),
    )


def status_of_entry(seat: DiarySeat, entry: DiaryEntry, now: datetime) -> Status:
    """Return how a place stands now."""
    return status_of(cast("Attendance", seat), entry.starts_at, entry.ends_at, now)  # it asks for nothing else


def name_of(entry: DiaryEntry) -> str:
    """ "Individual session", or how many places of a group are taken."""
    if entry.kind == ServiceKind.GROUP:
        return f"{entry.places_taken} of {entry.capacity} places"
    return entry.service


def where_of(entry: DiaryEntry) -> str:
    """ "Garden Room", or "Online"."""
    return entry.room or entry.place or "Online"


def short_span(start: int, end: int, habit: Habit) -> str:
    """ "9 AM to 12:30 PM", "1 to 5 PM", "09:00 to 12:30"."""
    first, last = format_minute(start, habit), format_minute(end, habit)
    if habit == "12h":
        if first[-2:] == last[-2:]:
            first = first[:-3]
        first, last = first.replace(":00", ""), last.replace(":00", "")
    return f"{first} to {last}"


def _meet(one: DiaryEntry, other: DiaryEntry) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _block(days: Days, entry: DiaryEntry, on: date, *, with_actions: bool) -> Block:
    start, end = days.minutes(entry.starts_at, entry.ends_at, on)
    is_held, is_cancelled = entry.status == AppointmentStatus.HELD, entry.status == AppointmentStatus.CANCELLED
    is_asked = entry.status == AppointmentStatus.REQUESTED
    status = HELD if is_held else ENDED if is_cancelled else WAITS if is_asked else _shared_status(entry, days.now)
    return Block(
        start_minute=start,
        end_minute=end,
        when=format_time(entry.starts_at, days.zone, days.habit),
        title=_title(entry),
        href="" if is_held else url_for("therapist.appointment", public_id=entry.public_id),
        lines=_lines(entry),
        status=status,
        actions=tuple(_actions(entry, days)) if with_actions else (),
        look="ended" if is_cancelled else "away" if is_held else LOOKS[ServiceKind(entry.kind)],
        icon="" if entry.place or is_held else "video",
    )


def _lines(entry: DiaryEntry) -> tuple[str, ...]:
    if entry.status == AppointmentStatus.HELD:
        return (entry.service,)
    return (name_of(entry), where_of(entry)) if entry.place else (f"{name_of(entry)} · Online",)


def _title(entry: DiaryEntry) -> str:
    if entry.status == AppointmentStatus.HELD:
        return "Somebody is booking"
    if entry.kind == ServiceKind.GROUP:
        return entry.service
    staying = [seat.name for seat in entry.seats if "cancelled" not in seat.status]
    return join_words(staying or [seat.name for seat in entry.seats]) or "Nobody yet"


def _shared_status(entry: DiaryEntry, now: datetime) -> Status | None:
    """Return what a block says of a session: nothing where it is simply booked, or where its places differ."""
    found = {status_of_entry(seat, entry, now) for seat in entry.seats}
    if entry.kind == ServiceKind.GROUP or len(found) != 1:
        return None
    (only,) = found
    return only if only.words != "Booked" else None


def _actions(entry: DiaryEntry, days: Days) -> Iterator[Action]:
    if entry.status != AppointmentStatus.BOOKED or len(entry.seats) != 1 or entry.kind == ServiceKind.GROUP:
        return
    (seat,) = entry.seats
    for step in steps_of(seat.status, entry.starts_at, days.now):
        yield Action(step.label, url_for("therapist.mark", public_id=seat.public_id), "status", step.status)


def _hours(days: Days, on: date) -> tuple[Span, ...]:
    """Return the hours of a date in minutes of this therapist's day, whatever the zone of their place."""
    spans = (span_on(row, on) for row in days.rules.hours_on(days.therapist_id, on))
    found = [days.minutes(instant(span[0]), instant(span[1]), on) for span in spans if span is not None]
    return tuple(sorted(span for span in found if span[0] < span[1]))


def _away(days: Days, on: date, hours: Sequence[Span]) -> Iterator[Block]:
    """Yield time off and closures of the practice, drawn over the day's hours where they take the whole of it."""
    day = days_span(days.zone, on, on)
    taken = [(span, "Time off") for span in days.rules.time_off_of(days.therapist_id)]
    taken += [(span, "The practice is closed") for span in days.rules.closures_of(None)]
    for span, title in taken:
        if not overlaps(span, day):
            continue
        first, last = days.minutes(instant(span[0]), instant(span[1]), on)
        is_whole = (first, last) == (0, DAY)
        when = "All day" if is_whole else format_minute(first, days.habit)
        lines = () if is_whole else (f"Until {format_minute(last, days.habit)}",)
        if is_whole:
            first, last = (hours[0][0], hours[-1][1]) if hours else WHOLE
        yield Block(first, last, when, title, lines=lines, look="away")
