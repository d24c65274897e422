"""The confirmation of a booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from practice.domain.permissions import Identity
from practice.models import Appointment, AppointmentStatus, Attendance, SafeContact, ServiceKind
from practice.queries.practice import PracticeFacts
from practice.web.booking.shown import when_of
from practice.web.calendar_file import CalendarOffer, calendar_offer
from practice.web.cancel_words import TAKING_BACK, cancel_words, terms_for
from practice.web.courses_shown import date_words, dates_card, policy_words, price_words
from practice.web.expectations_shown import Expectations
from practice.web.facts import Fact
from practice.web.presenting import format_moment, format_money, format_phone, habit_of, join_words
from practice.web.sessions_shown import address_of


@dataclass(frozen=True, slots=True)
class BookedPage:
    """What was booked: when, where, what comes next, how to cancel it, and ways into a calendar."""

    title: str
    when: str
    is_cancelled: bool
    waiting: str
    rows: tuple[Fact, ...]
    is_written: bool
    what_to_expect: str
    consequence: str
    phone: str
    phone_words: str
    calendar: CalendarOffer
    session_href: str
    link_href: str
    expectations: Expectations | None = None
    dates: tuple[str, ...] = ()


def booked_page(
    appointment: Appointment,
    facts: PracticeFacts,
    now: datetime,
    by: Identity,
    *,
    own_id: int | None,
    dates: Sequence[Appointment] = (),
) -> BookedPage:
    """Return the confirmation of an appointment that is loaded in full; ``own_id`` is the client who reads it.

    ``dates`` are those of the course that was booked as a whole.
    """
    is_cancelled = appointment.status == AppointmentStatus.CANCELLED
    until = appointment.answer_by if appointment.status == AppointmentStatus.REQUESTED else None
    became = "cancelled" if is_cancelled else "booked"
    own = [row for row in appointment.attendances if row.client_id in by.client_ids]
    place = appointment.location
    rows = (
        Fact("Session", appointment.service.name),
        Fact("With", join_words([row.therapist.name for row in appointment.therapists])),
        Fact("For", join_words([row.client.display_name for row in own or _seats(appointment)])),
        Fact("Where", address_of(appointment)),
        Fact("How to get in", place.directions if place else ""),
        Fact("Price", _price(appointment, own, dates, facts)),
    )
    return BookedPage(
        title="We have passed your request on" if until else f"{_whose(own, own_id)} is {became}",
        when=when_of(appointment.starts_at, appointment.ends_at, appointment.zone, facts),
        is_cancelled=is_cancelled,
        waiting=format_moment(until, appointment.zone, habit_of(facts.locale)) if until else "",
        rows=tuple(row for row in rows if row.value),
        is_written=any(_is_written_to(row) for row in own or _seats(appointment)),
        what_to_expect="" if appointment.service.kind == ServiceKind.GROUP else appointment.service.what_to_expect,
        consequence=_consequence(appointment, own, facts, now, is_course=bool(dates)),
        phone=facts.phone,
        phone_words=format_phone(facts.phone, facts.country) if facts.phone else "",
        calendar=calendar_offer(
            appointment, facts, page="booking.booked", file="booking.calendar_file", public_id=appointment.public_id
        ),
        session_href=url_for("client.show", public_id=own[0].public_id) if own else "",
        link_href=url_for("accounts.link_new"),
        expectations=dates_card(dates or [appointment], facts),
        dates=tuple(date_words(date, facts) for date in dates),
    )


def _price(appointment: Appointment, own: list[Attendance], dates: Sequence[Appointment], facts: PracticeFacts) -> str:
    """Return what it costs those whom the reader acts for, as agreed with them; for a course, all of its dates."""
    if dates or not own:
        return price_words(dates or [appointment], facts)
    return " and ".join(format_money(cents, facts.currency) for cents in dict.fromkeys(row.fee_cents for row in own))


def _consequence(
    appointment: Appointment, own: list[Attendance], facts: PracticeFacts, now: datetime, *, is_course: bool
) -> str:
    """Return what giving it up means: a request can be taken back, a course has a rule for each of its dates."""
    terms = terms_for(facts, appointment.service.kind, own[0].client if len(own) == 1 else None)
    if appointment.status == AppointmentStatus.REQUESTED:
        return TAKING_BACK
    if is_course:
        return policy_words(terms, facts)
    return cancel_words(appointment.starts_at, appointment.zone, terms, facts, now)


def _whose(own: list[Attendance], own_id: int | None) -> str:
    """ "Your session", or "Leo Carter’s session" where somebody booked for others."""
    if not own or any(row.client_id == own_id for row in own):
        return "Your session"
    return f"{join_words([row.client.display_name for row in own])}’s session"


def _seats(appointment: Appointment) -> list[Attendance]:
    """Return whom a stranger booked for: everybody, but nobody of a group, where the others are not theirs to see."""
    return [] if appointment.service.kind == ServiceKind.GROUP else list(appointment.attendances)


def _is_written_to(attendance: Attendance) -> bool:
    client = attendance.client
    return bool(client.email) and client.safe_contact == SafeContact.EMAIL
