"""What the pages of one session show."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, g, url_for

from practice.domain.lifecycle import GIVEN_UP, OPEN
from practice.domain.policy import cancellation
from practice.models import Appointment, AppointmentStatus, Attendance, Service
from practice.queries.practice import PracticeFacts
from practice.services.waiving import reason_of
from practice.web.anyway_words import anyway_facts
from practice.web.cancel_words import terms_for
from practice.web.consent_words import agreement_words, standings_of
from practice.web.desk.acts import is_movable, more_steps
from practice.web.desk.day_shown import href_of_day
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.groups.ways import group_ways
from practice.web.presenting import format_day, format_moment, format_money, format_span, format_zone, habit_of
from practice.web.reaching import reach_words
from practice.web.sessions_shown import Seat, SessionCard, Step, View, session_card, where_of
from practice.web.shell import Link


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes: how they may be reached, how their place and fee stand, and what can be noted."""

    seat: Seat
    pronouns: str
    reach: str
    said: str
    fee: str
    waived: str
    can_waive: bool
    more: tuple[Step, ...]
    agreement: str


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """One session with everybody in it; ``seat`` is the place that a page is about, where it is about one."""

    card: SessionCard
    heading: str
    facts: tuple[Fact, ...]
    day_href: str
    day: str
    here: str
    can_change: bool
    can_move: bool
    waits: bool
    people: tuple[Person, ...]
    seat: Seat | None = None
    group_ways: tuple[Link, ...] = ()


def desk_view(facts: PracticeFacts, *, hides_names: bool = False) -> View:
    """Return how the desk sees times: in the practice's zone and habit."""
    return View(facts.zone, habit_of(facts.locale), g.now, href_of_appointment, hides_names)


def href_of_appointment(public_id: str) -> str:
    """Return the address of a session."""
    return url_for("desk.appointment", public_id=public_id)


def appointment_page(appointment: Appointment, attendance: str = "") -> AppointmentPage:
    """Return the page of a session."""
    facts = the_facts()
    view = desk_view(facts)
    card = session_card(appointment, view)
    care = standings_of([each.client_id for each in appointment.attendances])
    on = appointment.starts_at.astimezone(ZoneInfo(facts.zone)).date()
    is_booked = appointment.status == AppointmentStatus.BOOKED
    return AppointmentPage(
        card=card,
        heading=card.title,
        facts=facts_of(appointment, view, facts.currency),
        day_href=href_of_day(on),
        day=format_day(on),
        here=card.href,
        can_change=is_booked,
        waits=appointment.status == AppointmentStatus.REQUESTED,
        can_move=is_movable(appointment, g.now),
        people=tuple(
            _person(seat, each, appointment, facts, agreement_words(care, each.client_id))
            for seat, each in zip(card.seats, appointment.attendances, strict=True)
        ),
        seat=next((seat for seat in card.seats if seat.public_id == attendance), None),
        group_ways=group_ways("desk", appointment, g.now),
    )


def _person(
    seat: Seat, attendance: Attendance, appointment: Appointment, facts: PracticeFacts, agreement: str
) -> Person:
    client, habit = attendance.client, habit_of(facts.locale)
    said = format_moment(attendance.said_at, facts.zone, habit) if attendance.said_at else ""
    return Person(
        seat=seat,
        pronouns=client.pronouns,
        reach=reach_words(client),
        said=f"Told us last on {said}." if said else "",
        fee=_fee_words(attendance, facts),
        waived=_waived_words(attendance, facts),
        can_waive=bool(attendance.late_fee_cents) and attendance.fee_waived_at is None,
        more=more_steps(attendance, appointment, facts, g.now),
        agreement=agreement,
    )


def _fee_words(attendance: Attendance, facts: PracticeFacts) -> str:
    """ "Fee $140, noted on Monday 23 November, 10:30 AM"; nothing where a place costs nothing."""
    cents = attendance.fee_cents if attendance.late_fee_cents is None else attendance.late_fee_cents
    is_free = attendance.status in GIVEN_UP and attendance.late_fee_cents is None
    if not cents or is_free or attendance.fee_waived_at is not None:
        return ""
    words = f"{'Late fee' if attendance.late_fee_cents is not None else 'Fee'} {format_money(cents, facts.currency)}"
    if attendance.fee_noted_at is None:
        return f"{words}, not noted yet"
    return f"{words}, noted on {format_moment(attendance.fee_noted_at, facts.zone, habit_of(facts.locale))}"


def _waived_words(attendance: Attendance, facts: PracticeFacts) -> str:
    """ "Late fee $60, waived on Monday 23 November, 10:30 AM: the train stood still", "" where none was."""
    if attendance.fee_waived_at is None or attendance.late_fee_cents is None:
        return ""
    when = format_moment(attendance.fee_waived_at, facts.zone, habit_of(facts.locale))
    reason = reason_of(attendance, current_app.extensions["vault"])
    fee = format_money(attendance.late_fee_cents, facts.currency)
    return f"Late fee {fee}, waived on {when}" + (f": {reason}" if reason else "")


def facts_of(appointment: Appointment, view: View, currency: str) -> tuple[Fact, ...]:
    """Return when, where, with whom and for how much."""
    on = appointment.starts_at.astimezone(ZoneInfo(view.zone)).date()
    when = format_span(appointment.starts_at, appointment.ends_at, view.zone, view.habit)
    return (
        Fact("When", f"{format_day(on, relative_to=view.now.date())}, {when}\n{format_zone(view.zone)}"),
        Fact("Where", where_of(appointment)),
        Fact("Therapist", ", ".join(row.therapist.name for row in appointment.therapists)),
        Fact("Service", words_of(appointment.service)),
        Fact("Price", format_money(appointment.price_cents, currency)),
        *anyway_facts(appointment),
    )


def words_of(service: Service) -> str:
    """ "Individual session, 50 minutes"."""
    return f"{service.name}, {service.duration_minutes} minutes"


def cancel_hints(appointment: Appointment, attendance: str = "") -> dict[str, str]:
    """Return what cancelling means, for each who may cancel: of everybody, or of the place that is named."""
    facts = the_facts()
    open_ = [each for each in appointment.attendances if each.status in OPEN and attendance in ("", each.public_id)]
    said = {_client_hint(each, appointment, facts): each.client.display_name for each in open_}
    words = list(said) or [_client_hint(None, appointment, facts)]
    each_own = " ".join(f"{name}: {hint}" for hint, name in said.items())
    return {
        "client": words[0] if len(words) == 1 else each_own,
        "practice": "This costs the client nothing, whenever it is.",
    }


def _client_hint(place: Attendance | None, appointment: Appointment, facts: PracticeFacts) -> str:
    client, since = (place.client, place.moved_late_at) if place else (None, None)
    terms = terms_for(facts, appointment.service.kind, client, late_since=since)
    meaning = cancellation(appointment.starts_at, terms, now=g.now)
    until = format_moment(meaning.free_until, facts.zone, habit_of(facts.locale))
    if appointment.starts_at <= g.now:
        return "The session has begun. If nobody came, note that instead."
    if meaning.late_fee_cents is None:
        return f"Free until {until}."
    if meaning.late_fee_cents == 0:
        return f"It was free until {until}. There is no fee after that either."
    fee = format_money(meaning.late_fee_cents, facts.currency)
    moved = "It was moved late, so it" if since else "It"
    return f"{moved} was free until {until}. After that, the fee is {fee}."
