"""Courses as clients and strangers see them: what they are, their dates, and what they cost together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from practice.domain.policy import Terms
from practice.domain.rule_book import Audience
from practice.models import Appointment, Service, ServiceKind
from practice.queries.busy import current_rules
from practice.queries.group_offers import CourseOffer, Outlook, course_offers, outlook_of
from practice.queries.practice import PracticeFacts
from practice.queries.services import service_by_id
from practice.web.expectations_shown import Expectations, expectations_of
from practice.web.presenting import (
    WEEKDAYS,
    format_moment,
    format_money,
    format_span,
    format_zone,
    habit_of,
    humanize_minutes,
    join_words,
)


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course to choose."""

    value: str
    name: str
    words: str
    price: str
    leads: str
    dates: tuple[str, ...]
    is_full: bool
    has_all: bool


def course_cards(offers: Sequence[CourseOffer], facts: PracticeFacts) -> tuple[CourseCard, ...]:
    """Return the courses as cards."""
    return tuple(
        CourseCard(
            value=offer.public_id,
            name=offer.name,
            words=f"{dates_count(len(offer.dates))}, {humanize_minutes(_length(offer.dates[0]))} each",
            price=price_words(offer.dates, facts),
            leads=join_words(list(offer.leads)),
            dates=tuple(date_words(date, facts) for date in offer.dates),
            is_full=offer.is_full,
            has_all=offer.has_all,
        )
        for offer in offers
    )


def date_words(date: Appointment, facts: PracticeFacts) -> str:
    """ "Thursday 26 November, 5:30 to 6:45 PM"."""
    habit = habit_of(facts.locale)
    day = format_moment(date.starts_at, date.zone, habit).rpartition(", ")[0]
    return f"{day}, {format_span(date.starts_at, date.ends_at, date.zone, habit)}"


def price_words(dates: Sequence[Appointment], facts: PracticeFacts) -> str:
    """ "$360 in all, $45 a date"."""
    prices = {date.price_cents for date in dates}
    total = format_money(sum(date.price_cents for date in dates), facts.currency)
    if len(dates) < 2 or total == format_money(0, facts.currency):
        return total
    each = f", {format_money(next(iter(prices)), facts.currency)} a date" if len(prices) == 1 else ""
    return f"{total} in all{each}"


def dates_count(number: int) -> str:
    """ "8 dates"."""
    return f"{number} date{'' if number == 1 else 's'}"


def policy_words(terms: Terms, facts: PracticeFacts) -> str:
    """Say what cancelling dates of a course means, before it is booked."""
    if not terms.late_fee_cents:
        return "You can cancel one date or all of them at any time, free of charge."
    fee, hours = format_money(terms.late_fee_cents, facts.currency), terms.free_cancel_hours
    until = f"{hours} hour{'' if hours == 1 else 's'} before it begins" if hours else "it begins"
    return (
        f"You can cancel one date or all of them. Each is free to cancel until {until}. After that, its fee is {fee}."
    )


def outlook_card(service: Service, outlook: Outlook, facts: PracticeFacts) -> Expectations | None:
    """Return what to expect of a group whose dates are still to be chosen: its next date stands for its set time."""
    when = humanize_minutes(service.duration_minutes)
    if outlook.next is not None:
        when = f"Next on {date_words(outlook.next, facts)} ({format_zone(outlook.next.zone)})"
    return expectations_of(service, when=when, leads=list(outlook.leads))


def dates_card(dates: Sequence[Appointment], facts: PracticeFacts) -> Expectations | None:
    """Return what to expect of a date, or of the dates of a course, that somebody comes to."""
    if not dates:
        return None
    names = dict.fromkeys(row.therapist.name for date in dates for row in date.therapists)
    when = f"{set_time(dates, facts)}\n{format_zone(dates[0].zone)}"
    return expectations_of(dates[0].service, when=when, leads=list(names))


def set_time(dates: Sequence[Appointment], facts: PracticeFacts) -> str:
    """ "Tuesdays, 7:30 to 9:00 PM" where several dates have one time of the week; otherwise each of them."""
    habit = habit_of(facts.locale)
    local = [date.starts_at.astimezone(ZoneInfo(date.zone)) for date in dates]
    spans = {format_span(date.starts_at, date.ends_at, date.zone, habit) for date in dates}
    days = {at.weekday() for at in local}
    if len(dates) > 1 and len(days) == len(spans) == 1:
        return f"{WEEKDAYS[days.pop()]}s, {spans.pop()}"
    return "\n".join(date_words(date, facts) for date in dates)


def group_parts(
    session: Session, slug: str, facts: PracticeFacts, *, is_signed_in: bool, now: datetime
) -> tuple[tuple[CourseCard, ...], Expectations | None]:
    """Return what public pages show of a group beside its dates: its courses, and what to expect; nothing of others."""
    rules = current_rules(session)
    known = rules.service_by_slug.get(slug)
    service = service_by_id(session, known.id) if known and known.kind == ServiceKind.GROUP else None
    if service is None or known is None:
        return (), None
    viewer: Audience = "clients" if is_signed_in else "public"
    outlook = outlook_of(session, service.id, viewer=viewer, now=now)
    offers = course_offers(session, rules, known, viewer=viewer, now=now)
    return course_cards(offers, facts), outlook_card(service, outlook, facts)


def _length(date: Appointment) -> int:
    return int((date.ends_at - date.starts_at).total_seconds()) // 60
