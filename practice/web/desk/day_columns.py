"""The columns of a day: a therapist each, with hours, sessions and free time, or a room each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask import url_for

from practice.domain.intervals import DAY, Span, instant, merge, minute_ceil, minute_floor, outer_span, without
from practice.domain.openings import Openings
from practice.domain.rule_book import Hours, Room, RuleBook, Therapist
from practice.domain.weekly_hours import days_span, hours_touching
from practice.models import Appointment, AppointmentStatus, Lead
from practice.queries.appointments import KEPT
from practice.web.board import STEP, Block, Column, Gap, now_block
from practice.web.desk.acts import is_movable, more_steps
from practice.web.desk.day_wanted import Wanted
from practice.web.frame import the_facts
from practice.web.presenting import format_minute, format_time, join_words
from practice.web.sessions_shown import SessionCard, View, session_block

HUES = 6
LEAST = 15  # less than that books nothing, and is too small to press
ONLINE, NO_ROOM = "online", "no-room"


@dataclass(frozen=True)
class Day:
    """A date of the practice with its sessions, and what is asked of it. ``cards`` are by the appointment's id."""

    on: date
    span: Span
    openings: Openings
    wanted: Wanted
    view: View
    now: int
    appointments: Sequence[Appointment] = ()
    cards: Mapping[int, SessionCard] = field(default_factory=dict)

    @property
    def rules(self) -> RuleBook:
        """The rules of that date."""
        return self.openings.rules

    @property
    def is_today(self) -> bool:
        """Whether it is now."""
        return self.span[0] <= self.now < self.span[1]

    def with_sessions(self, appointments: Sequence[Appointment], cards: Mapping[int, SessionCard]) -> "Day":
        """Return the day with its sessions."""
        return replace(self, appointments=appointments, cards=cards)

    def without_cancelled(self) -> "Day":
        """Return the day without what was cancelled."""
        kept = [each for each in self.appointments if each.status != AppointmentStatus.CANCELLED]
        return replace(self, appointments=kept)

    def takes(self, appointment: Appointment) -> bool:
        """Whether a session is asked for, its state included."""
        state = self.wanted.state
        return self.wanted.takes_session(appointment, self.rules) and (
            not state or any(seat.state == state for seat in self.cards[appointment.id].seats)
        )

    def wall(self, minute: int) -> int:
        """Return the minute of the day that the practice's clock shows: 1440 at the day's end, 0 before it."""
        if not self.span[0] < minute < self.span[1]:
            return 0 if minute <= self.span[0] else DAY
        local = instant(minute).astimezone(ZoneInfo(self.view.zone))
        return local.hour * 60 + local.minute

    def hue(self, therapist_id: int) -> str:
        """Return the colour of a therapist."""
        return f"hue-{self.rules.therapist_rank.get(therapist_id, 0) % HUES + 1}"


def the_day(on: date, openings: Openings, wanted: Wanted, view: View) -> Day:
    """Return a day without its sessions."""
    return Day(on, days_span(view.zone, on, on), openings, wanted, view, minute_floor(view.now))


def therapist_columns(day: Day) -> Iterator[Column]:
    """Yield a column for everybody who works on this day or has sessions, as far as they are asked for."""
    names = {each.id: each.name for each in day.rules.therapists}
    sessions: dict[int, list[Appointment]] = {}
    for appointment in day.appointments:
        for row in appointment.therapists:
            names.setdefault(row.therapist_id, row.therapist.name)
            sessions.setdefault(row.therapist_id, []).append(appointment)
    for therapist_id, name in names.items():
        if day.wanted.takes_therapist(therapist_id, day.rules):
            column = _of_therapist(day, therapist_id, name, sessions.get(therapist_id, []))
            if column is not None:
                yield column


def _of_therapist(day: Day, therapist_id: int, name: str, sessions: list[Appointment]) -> Column | None:
    therapist = day.rules.therapist_by_id.get(therapist_id)
    hours = merge(_clipped(span, day.span) for _, span in hours_touching(day.rules, therapist_id, day.span))
    gaps = tuple(_gaps(day, therapist)) if therapist and not day.wanted.state else ()
    asked = [each for each in sessions if day.takes(each)]
    if not asked and not gaps and (day.wanted.is_filtered or not (hours or sessions)):
        return None
    blocks = [_block(day, each, therapist_id, day.hue(therapist_id)) for each in sessions]
    if therapist is not None:
        blocks += _away(day, therapist, hours)
    return Column(
        key=therapist.slug if therapist else f"t{therapist_id}",
        heading=name,
        under=_under(day, hours),
        blocks=(*blocks, *_now(day)),
        hours=tuple((day.wall(start), day.wall(end)) for start, end in hours),
        gaps=gaps,
        look=day.hue(therapist_id),
        data=(("therapist", therapist.slug),) if therapist else (),
        empty="Nothing booked" if hours else "Not working today",
    )


def room_columns(day: Day) -> Iterator[Column]:
    """Yield a column for each room that is asked for, and for what has none."""
    groups: dict[int | str, list[Appointment]] = {}
    for each in day.appointments:
        groups.setdefault(each.room_id or (NO_ROOM if each.location_id else ONLINE), []).append(each)
    shown = {room.id for room, _ in _rooms(day)}
    for room, place in _rooms(day):
        column = _of_room(day, f"room-{room.id}", room.name, place, groups.get(room.id, []))
        yield replace(column, data=(("way", f"room:{room.id}"),))
    others = [each for key, found in groups.items() if isinstance(key, int) and key not in shown for each in found]
    for key, heading, found in (
        ("elsewhere", "Other rooms", others),
        (NO_ROOM, "No room yet", groups.get(NO_ROOM, [])),
        (ONLINE, "Online", groups.get(ONLINE, [])),
    ):
        if any(day.takes(each) for each in found):
            yield _of_room(day, key, heading, "", found)


def _rooms(day: Day) -> Iterator[tuple[Room, str]]:
    for location in day.rules.locations:
        if day.wanted.takes_place(location.id, is_online=False, rules=day.rules):
            for room in location.rooms:
                yield room, location.name


def _of_room(day: Day, key: str, heading: str, under: str, sessions: list[Appointment]) -> Column:
    blocks = [
        _block(
            day, each, each.lead.id, day.hue(each.lead.id), join_words([row.therapist.name for row in each.therapists])
        )
        for each in sessions
    ]
    return Column(key, heading, under, (*blocks, *_now(day)), empty="Nobody is here today")


def _block(day: Day, appointment: Appointment, therapist_id: int, hue: str, who: str = "") -> Block:
    """Return a session; one that is not asked for is only said to be there, so that its time does not look free."""
    start, end = outer_span(appointment.starts_at, appointment.ends_at)
    if not day.takes(appointment):
        when = format_time(appointment.starts_at, day.view.zone, day.view.habit)
        look = "ended other" if appointment.status == AppointmentStatus.CANCELLED else "away other"
        return Block(day.wall(start), day.wall(end), when, "Another session", look=look)
    is_lead = any(row.therapist_id == therapist_id and row.part == Lead.LEAD for row in appointment.therapists)
    therapist = day.rules.therapist_by_id.get(therapist_id)
    card = day.cards[appointment.id]
    can_move = is_lead and is_movable(appointment, day.view.now)
    facts, now = the_facts(), day.view.now
    block = session_block(
        appointment,
        day.view,
        look=hue,
        card=card,
        line=f"{who or _where(appointment)} · {card.service}",
        more=more_steps(appointment.attendances[0], appointment, facts, now) if card.seats and is_lead else None,
        data=(
            ("appointment", appointment.public_id),
            ("therapist", therapist.slug if therapist else ""),
            ("starts", str(start)),
            *((("movable", ""),) if can_move else ()),
        ),
        key=f"s-{appointment.public_id}" if is_lead else "",
    )
    return replace(block, move_href=url_for("desk.move", public_id=appointment.public_id)) if can_move else block


def _where(appointment: Appointment) -> str:
    place = appointment.room or appointment.location
    return place.name if place else "Online"


def _now(day: Day) -> tuple[Block, ...]:
    """Return the line of now, on the step that it has reached."""
    if not day.is_today:
        return ()
    return (now_block(day.wall(day.now) // STEP * STEP, day.view.habit),)


def _gaps(day: Day, therapist: Therapist) -> Iterator[Gap]:
    """Yield what is free of a therapist's hours, and has not gone by."""
    first = max(day.span[0], -(-minute_ceil(day.view.now) // STEP) * STEP)
    if first >= day.span[1]:
        return
    rows = [
        (hours, _clipped(span, (first, day.span[1])))
        for hours, span in hours_touching(day.rules, therapist.id, day.span)
        if day.wanted.takes_place(hours.location_id, is_online=hours.is_online, rules=day.rules)
    ]
    shut = _closed(day.rules, rows)
    taken = (*_busy(day, therapist), *day.rules.time_off_of(therapist.id), *shut)
    for start, end in without((span for _, span in rows), taken):
        if end - start >= LEAST:
            yield _gap(day, therapist, start, end)


def _gap(day: Day, therapist: Therapist, start: int, end: int) -> Gap:
    first, last = day.wall(start), day.wall(end)
    return Gap(
        start_minute=first,
        end_minute=last,
        when=f"{format_minute(first, day.view.habit)} to {format_minute(last, day.view.habit)}",
        href=url_for("desk.book", start=start, until=end, therapist=therapist.slug),
        why_href=url_for("desk.why", therapist=therapist.slug, start=start),
        data=(("from", str(start)), ("until", str(end)), ("therapist", therapist.slug)),
    )


def _away(day: Day, therapist: Therapist, hours: Sequence[Span]) -> Iterator[Block]:
    """Yield what else takes time: time off, closures, breaks between hours, holds and calendars elsewhere."""
    busy = _busy(day, therapist)
    off = merge(_clipped(span, day.span) for span in day.rules.time_off_of(therapist.id))
    shut = _within(_closed(day.rules, hours_touching(day.rules, therapist.id, day.span)), hours)
    breaks = [(one[1], two[0]) for one, two in pairwise(hours)]
    yield from (_quiet(day, span, "Time off") for span in off)
    yield from (_quiet(day, span, "Closed") for span in without(shut, off))
    yield from (_quiet(day, span, "Break") for span in without(breaks, (*busy, *off, *shut)))
    known = (*_sessions(day, therapist), *off, *shut)
    yield from (_quiet(day, span, "Taken") for span in without(_within(busy, hours), known))


def _closed(rules: RuleBook, rows: Iterable[tuple[Hours, Span]]) -> tuple[Span, ...]:
    """Return what closures take of rows of hours: those of a place only where the row is not open online too."""
    here = (
        _clipped(span, row)
        for hours, row in rows
        if hours.location_id is not None and not hours.is_online
        for span in rules.closures_of(hours.location_id)
    )
    return merge((*rules.closures_of(None), *here))


def _quiet(day: Day, span: Span, title: str) -> Block:
    start, end = day.wall(span[0]), day.wall(span[1])
    when = "All day" if (start, end) == (0, DAY) else format_minute(start, day.view.habit)
    return Block(start, end, when, title, look="away")


def _busy(day: Day, therapist: Therapist) -> Sequence[Span]:
    return day.openings.busy.get(therapist.resource_id, ())


def _sessions(day: Day, therapist: Therapist) -> Iterator[Span]:
    """Yield what the sessions of this day take of a therapist's time, their buffers included."""
    for each in day.appointments:
        if each.status in KEPT and therapist.id in {row.therapist_id for row in each.therapists}:
            start, end = outer_span(each.starts_at, each.ends_at)
            yield start - each.before_minutes, end + each.after_minutes


def _within(spans: Iterable[Span], hours: Sequence[Span]) -> tuple[Span, ...]:
    return merge(_clipped(span, each) for span in spans for each in hours)


def _clipped(span: Span, within: Span) -> Span:
    return max(span[0], within[0]), min(span[1], within[1])


def _under(day: Day, hours: Sequence[Span]) -> str:
    """ "9:00 AM to 5:00 PM"."""
    if not hours:
        return ""
    first, last = day.wall(hours[0][0]), day.wall(hours[-1][1])
    return f"{format_minute(first, day.view.habit)} to {format_minute(last, day.view.habit)}"
