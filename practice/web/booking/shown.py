"""What the steps of booking show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from practice.models import Appointment, AppointmentStatus, Audience, Service
from practice.queries.held import HeldTime
from practice.queries.practice import PracticeFacts
from practice.web.booking.browser import Draft
from practice.web.booking.forms import FOR_WHOM
from practice.web.cancel_words import cancel_words
from practice.web.facts import Fact
from practice.web.presenting import (
    format_moment,
    format_money,
    format_phone,
    format_span,
    format_time,
    format_zone,
    habit_of,
    humanize_minutes,
    join_words,
)
from practice.web.sessions_shown import address_of
from practice.web.times_shown import MEET_WORDS


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service to choose."""

    name: str
    about: str
    facts: str
    href: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be booked now, and what only people who have been here book."""

    open: tuple[ServiceChoice, ...]
    for_clients: tuple[ServiceChoice, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the steps say of the time that is kept."""

    service: str
    when: str
    where: str
    therapist: str
    until: str
    can_be_longer: bool


@dataclass(frozen=True, slots=True)
class BookedPage:
    """The confirmation of a booking."""

    title: str
    when: str
    is_cancelled: bool
    rows: tuple[Fact, ...]
    what_to_expect: str
    directions: str
    consequence: str
    phone: str
    phone_words: str
    calendar_href: str
    link_href: str


def choices_of(services: Iterable[Service], facts: PracticeFacts, *, is_client: bool) -> Choices:
    """Return the services, those that whoever asks can book first."""
    chosen: dict[bool, list[ServiceChoice]] = {True: [], False: []}
    for each in services:
        words = f"{humanize_minutes(each.duration_minutes)} · {format_money(each.price_cents, facts.currency)}"
        shown = ServiceChoice(each.name, each.about, words, url_for("booking.who", slug=each.slug))
        chosen[is_client or each.audience == Audience.PUBLIC].append(shown)
    return Choices(tuple(chosen[True]), tuple(chosen[False]))


def kept_of(held: HeldTime, facts: PracticeFacts, now: datetime) -> Kept:
    """Return what is said of a held time; until when it is kept is said calmly, and never counted down."""
    return Kept(
        service=held.service_name,
        when=when_of(held.starts_at, held.ends_at, held.zone, facts),
        where=where_of(held),
        therapist=held.therapist_name,
        until=format_time(held.held_until, facts.zone, habit_of(facts.locale)) if held.held_until > now else "",
        can_be_longer=held.extensions == 0 and held.request_id is None,
    )


def when_of(starts_at: datetime, ends_at: datetime, zone: str, facts: PracticeFacts) -> str:
    """ "Monday 23 November, 9:00 to 9:50 AM, New York time"."""
    habit = habit_of(facts.locale)
    day = format_moment(starts_at, zone, habit).rpartition(", ")[0]
    return f"{day}, {format_span(starts_at, ends_at, zone, habit)}, {format_zone(zone)}"


def where_of(held: HeldTime) -> str:
    """ "Village studio, 1 Elm Street" or "Online"."""
    return ", ".join(part for part in (held.location, held.address) if part) or MEET_WORDS["online"]


def answers_of(held: HeldTime, draft: Draft, names: Sequence[str], facts: PracticeFacts) -> tuple[Fact, ...]:
    """Return everything that was chosen and typed; ``names`` are a signed-in person's clients."""
    again = url_for("booking.again", hold_id=held.public_id)
    session = (
        Fact("Session", held.service_name, again),
        Fact("Who it is for", join_words(list(names)) or FOR_WHOM.get(draft.who, ""), f"{again}?what=who"),
        Fact("With", held.therapist_name, again),
        Fact("When", when_of(held.starts_at, held.ends_at, held.zone, facts), again),
        Fact("Where", where_of(held), again),
        Fact("Price", format_money(held.price_cents, facts.currency)),
    )
    if names:
        return session
    details = url_for("booking.details", hold_id=held.public_id)
    typed = (
        Fact("Your name", draft.name, details),
        Fact("Their name", draft.other_name if draft.who != "me" else "", details),
        Fact("E-mail address", draft.email, details),
        Fact("Phone", format_phone(draft.phone, facts.country) if draft.phone else "", details),
        Fact("Pronouns", draft.pronouns, details),
        Fact("Safe to reach you", "By e-mail", url_for("booking.contact", hold_id=held.public_id)),
    )
    return (*session, *(row for row in typed if row.value))


def booked_page(appointment: Appointment, facts: PracticeFacts, now: datetime) -> BookedPage:
    """Return the confirmation of an appointment that is loaded in full."""
    is_cancelled = appointment.status == AppointmentStatus.CANCELLED
    return BookedPage(
        title="Your session is cancelled" if is_cancelled else "Your session is booked",
        when=when_of(appointment.starts_at, appointment.ends_at, appointment.zone, facts),
        is_cancelled=is_cancelled,
        rows=(
            Fact("Session", appointment.service.name),
            Fact("With", join_words([row.therapist.name for row in appointment.therapists])),
            Fact("Where", address_of(appointment)),
            Fact("Price", format_money(appointment.price_cents, facts.currency)),
        ),
        what_to_expect=appointment.service.what_to_expect,
        directions=appointment.location.directions if appointment.location else "",
        consequence=cancel_words(appointment.starts_at, appointment.zone, facts, now),
        phone=facts.phone,
        phone_words=format_phone(facts.phone, facts.country) if facts.phone else "",
        calendar_href=url_for("booking.calendar_file", public_id=appointment.public_id),
        link_href=url_for("accounts.link_new"),
    )
