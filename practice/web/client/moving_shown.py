"""Times that a session can move to, and the page that is read before it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from flask import url_for

from practice.domain.intervals import Span, instant
from practice.domain.policy import fee_of
from practice.domain.rule_book import Modality
from practice.domain.slots import Slot
from practice.domain.weekly_hours import date_of
from practice.models import Appointment, Attendance
from practice.queries.practice import PracticeFacts
from practice.queries.slots import Times
from practice.web.cancel_words import moving_words, terms_for_place
from practice.web.facts import Fact
from practice.web.presenting import format_moment, format_money, format_phone, format_zone, habit_of
from practice.web.shell import Link
from practice.web.slot_days import Day, Offer, slot_days
from practice.web.times_shown import MEET_WORDS, free_of, week_of


class Place(NamedTuple):
    """Where a session at some time would be: no location online."""

    location_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """A week of times to move to."""

    days: tuple[Day, ...]
    words: str
    zone: str
    meetings: tuple[Link, ...]
    earlier_href: str
    later_href: str
    first_href: str
    phone: str
    phone_words: str


@dataclass(frozen=True, slots=True)
class MoveCheck:
    """What moving would change, and what cancelling would mean then."""

    rows: tuple[Fact, ...]
    consequence: str
    start: int
    meet: str
    back_href: str


def move_page(
    attendance: Attendance,
    times: Times,
    meet: Modality,
    since: date | None,
    facts: PracticeFacts,
    elsewhere: Sequence[Span],
) -> MovePage:
    """Return the first week with times from ``since`` on.

    The session's own time is not among them, nor are those at which the client is ``elsewhere``.
    """
    appointment, zone = attendance.appointment, zone_for(attendance, meet, facts.zone)
    week = week_of(times, since, zone, meet)
    here: Callable[..., str] = partial(url_for, ".move", public_id=attendance.public_id)
    check: Callable[..., str] = partial(url_for, ".move_check", public_id=attendance.public_id, meet=meet)
    ways = tuple(way for way in MEET_WORDS if (times.service.in_person if way == "in_person" else times.service.online))
    offers = [
        Offer(instant(slot.start), str(slot.start), _note(times, slot, meet, appointment), check(start=slot.start))
        for slot in (free_of(week.slots, times.service, elsewhere) if week else ())
        if meet != appointment.modality or instant(slot.start) != appointment.starts_at
    ]
    return MovePage(
        days=slot_days(offers, zone, habit_of(facts.locale)),
        words=week.words if week else "",
        zone=format_zone(zone),
        meetings=tuple(Link(MEET_WORDS[way], here(meet=way), way == meet) for way in ways) if len(ways) > 1 else (),
        earlier_href=here(**{"from": week.earlier, "meet": meet}) if week and week.earlier else "",
        later_href=here(**{"from": week.later, "meet": meet}) if week and week.later else "",
        first_href=here(meet=meet) if since else "",
        phone=facts.phone,
        phone_words=_phone_words(facts),
    )


def no_times(facts: PracticeFacts) -> MovePage:
    """Return the page where there is nothing to choose from."""
    return MovePage((), "", "", (), "", "", "", facts.phone, _phone_words(facts))


def _phone_words(facts: PracticeFacts) -> str:
    return format_phone(facts.phone, facts.country) if facts.phone else ""


def place_at(times: Times, minute: int, meet: Modality, appointment: Appointment) -> Place | None:
    """Return where a session at that minute would be, its own place first, or None where it is not offered."""
    zone = times.rules.practice.zone
    on = date_of(zone, minute)
    found = (slot for slot in times.between(on, on, zone) if slot.start == minute and meet in slot.ways.modalities)
    return next((_place(times, slot, meet, appointment) for slot in found), None)


def _place(times: Times, slot: Slot, meet: Modality, appointment: Appointment) -> Place:
    if meet == "online":
        return Place(None, MEET_WORDS[meet])
    places = slot.ways.location_ids
    own = appointment.location_id
    location_id = own if own is not None and own in places else places[0]
    return Place(location_id, times.rules.location_by_id[location_id].name)


def check_page(
    attendance: Attendance, times: Times, minute: int, meet: Modality, facts: PracticeFacts, now: datetime
) -> MoveCheck:
    """Return what is read before a session moves; the time must be offered."""
    appointment, habit = attendance.appointment, habit_of(facts.locale)
    place = place_at(times, minute, meet, appointment)
    zone, after = zone_for(attendance, meet, facts.zone), instant(minute)
    usual = times.rules.price_cents(appointment.lead.id, times.service.id, times.service.length_minutes)
    price = fee_of(times.service.kind, usual, attendance.client.agreed_fee_cents)
    back: Callable[..., str] = partial(url_for, ".move", public_id=attendance.public_id)
    before = appointment.location.name if appointment.location else MEET_WORDS["online"]
    rows = (
        Fact("From", format_moment(appointment.starts_at, zone, habit)),
        Fact("To", f"{format_moment(after, zone, habit)}\n{format_zone(zone)}"),
        Fact("With", appointment.lead.name),
        Fact("Where", place.words if place else before),
        Fact("Price", format_money(price, facts.currency) if price != attendance.fee_cents else ""),
    )
    return MoveCheck(
        rows=tuple(row for row in rows if row.value),
        consequence=moving_words(appointment.starts_at, after, zone, terms_for_place(attendance, facts), facts, now),
        start=minute,
        meet=meet,
        back_href=back(meet=meet, **{"from": date_of(zone, minute).isoformat()}),
    )


def _note(times: Times, slot: Slot, meet: Modality, appointment: Appointment) -> str:
    """Return where it would be, where that is not the same everywhere."""
    if meet == "online" or len(times.rules.locations) < 2:
        return ""
    return _place(times, slot, meet, appointment).words


def zone_for(attendance: Attendance, meet: Modality, otherwise: str) -> str:
    """Return the zone that new times are said in: the client's online, the place's in person."""
    location = attendance.appointment.location
    return attendance.client.zone if meet == "online" else location.zone if location else otherwise
