"""What the steps of booking show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from practice.domain.regions import region_name
from practice.models import Appointment, Audience, Service
from practice.queries.acting_for import ActedFor
from practice.queries.held import HeldTime
from practice.queries.practice import PracticeFacts
from practice.web.booking.browser import Draft
from practice.web.booking.forms import FOR_WHOM
from practice.web.booking.length import has_lengths
from practice.web.booking.path import Path
from practice.web.cancel_words import fees_words
from practice.web.courses_shown import date_words, price_words
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
    was_until: str
    can_be_longer: bool


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
    until = format_time(held.held_until, facts.zone, habit_of(facts.locale))
    return Kept(
        service=held.service_name,
        when=when_of(held.starts_at, held.ends_at, held.zone, facts) + more_words(held),
        where=where_of(held),
        therapist=held.therapist_name,
        until=until if held.held_until > now else "",
        was_until="" if held.held_until > now else until,
        can_be_longer=held.extensions == 0 and held.request_id is None,
    )


def when_of(starts_at: datetime, ends_at: datetime, zone: str, facts: PracticeFacts) -> str:
    """ "Monday 23 November, 9:00 to 9:50 AM, New York time"."""
    habit = habit_of(facts.locale)
    day = format_moment(starts_at, zone, habit).rpartition(", ")[0]
    return f"{day}, {format_span(starts_at, ends_at, zone, habit)}, {format_zone(zone)}"


def more_words(held: HeldTime) -> str:
    """ ", and 7 more dates" where a course is held as a whole."""
    return f", and {held.more} more date{'' if held.more == 1 else 's'}" if held.more else ""


def where_of(held: HeldTime) -> str:
    """ "Village studio, 1 Elm Street" or "Online"."""
    return ", ".join(part for part in (held.location, held.address) if part) or MEET_WORDS["online"]


def in_all_dates(rows: Iterable[Fact], dates: Sequence[Appointment], facts: PracticeFacts) -> tuple[Fact, ...]:
    """Return what was chosen with all dates of a course: when they are, and what they cost together."""
    lines = "\n".join(date_words(date, facts) for date in dates)
    said = {"When": f"{lines}\n{format_zone(dates[0].zone)}", "Price": price_words(dates, facts)}
    return tuple(replace(row, value=said.get(row.label, row.value)) for row in rows)


def narrowed(rows: Iterable[Fact], held: HeldTime, draft: Draft, path: Path) -> tuple[Fact, ...]:
    """Return what was chosen with what else is known of it: who supervises, how long it is, where somebody will be."""
    again = url_for("booking.again", hold_id=held.public_id)
    therapist = path.rules.therapist_by_slug.get(held.therapist)
    supervisor = path.rules.therapist_by_id.get((therapist.supervisor_id if therapist else None) or 0)
    minutes = round((held.ends_at - held.starts_at).total_seconds() / 60)
    more = {
        "With": [Fact("Supervised by", supervisor.name)] if supervisor else [],
        "When": [Fact("Length", humanize_minutes(minutes), f"{again}?what=length")] if has_lengths(path) else [],
        "Where": [Fact("Where you will be", region_name(draft.region), f"{again}?what=where")] if draft.region else [],
    }
    return tuple(each for row in rows for each in (row, *more.get(row.label, ())))


def answers_of(
    held: HeldTime,
    draft: Draft,
    clients: Sequence[ActedFor],
    facts: PracticeFacts,
    *,
    partner: Sequence[str],
    can_change_who: bool,
) -> tuple[Fact, ...]:
    """Return everything that was chosen and typed; ``clients`` are a signed-in person’s, beside a new ``partner``.

    Each can be changed, and changing leads back to the check page.
    """
    again, names = url_for("booking.again", hold_id=held.public_id), [*(each.name for each in clients), *partner]
    who = url_for("booking.for_whom", hold_id=held.public_id) if can_change_who else ""
    session = (
        Fact("Session", held.service_name, f"{again}?what=session"),
        Fact("Who it is for", join_words(names) or FOR_WHOM.get(draft.who, ""), who),
        Fact("With", held.therapist_name, f"{again}?what=with"),
        Fact("When", when_of(held.starts_at, held.ends_at, held.zone, facts), again),
        Fact("Where", where_of(held), again),
        Fact("Price", fees_words(held.kind, held.price_cents, clients, facts.currency)),
    )
    if names:
        return session
    details = url_for("booking.details", hold_id=held.public_id, change=1)
    typed = (
        Fact("Your name", draft.name, details),
        Fact("Their name", draft.other_name if draft.who != "me" else "", details),
        Fact("E-mail address", draft.email, details),
        Fact("Phone", format_phone(draft.phone, facts.country) if draft.phone else "", details),
        Fact("Pronouns", draft.pronouns, details),
        Fact("Safe to reach you", "By e-mail", url_for("booking.contact", hold_id=held.public_id, change=1)),
    )
    return (*session, *(row for row in typed if row.value))
