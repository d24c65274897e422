"""What the page of one session shows its therapist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import url_for

from practice.models import Appointment, AppointmentStatus, Client, ServiceKind
from practice.queries.diary import Meeting, Together
from practice.web.anyway_words import anyway_facts
from practice.web.board import Status
from practice.web.consent_words import agreement_words, standings_of
from practice.web.facts import Fact
from practice.web.groups.ways import group_ways
from practice.web.presenting import format_day, format_moment, format_span, format_zone, humanize_minutes
from practice.web.reaching import reach_words
from practice.web.sessions_shown import SETTLED, SessionCard, Step, View, address_of, session_card, where_of
from practice.web.shell import Link
from practice.web.therapist.week_shown import href_of_week


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes: what they are called, how they may be reached, how their place stands, what comes next."""

    name: str
    pronouns: str
    status: Status
    reach: str
    agreement: str
    steps: tuple[Step, ...]
    mark_href: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """Another session with the same people."""

    when: str
    service: str
    status: Status | None
    href: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session, as its therapist sees it."""

    card: SessionCard
    waits: bool
    facts: tuple[Fact, ...]
    people: tuple[Person, ...]
    week: str
    week_href: str
    met: str
    before: tuple[MeetingRow, ...]
    after: tuple[MeetingRow, ...]
    group_ways: tuple[Link, ...] = ()


def session_page(appointment: Appointment, view: View, together: Together | None) -> SessionPage:
    """Return the page of one session; a group has no history ``together``."""
    on = appointment.starts_at.astimezone(ZoneInfo(view.zone)).date()
    clients = [each.client for each in appointment.attendances]
    card = session_card(appointment, view)
    history = together or Together()
    care = standings_of([client.id for client in clients])
    return SessionPage(
        card=card,
        waits=appointment.status == AppointmentStatus.REQUESTED,
        facts=_facts(appointment, view, on),
        people=tuple(
            _person(client, seat.status, seat.steps, seat.public_id, agreement_words(care, client.id))
            for client, seat in zip(clients, card.seats, strict=True)
        ),
        week=f"Week of {format_day(on)}",
        week_href=href_of_week(on),
        met=_met_words(history.met, len(clients)) if together else "",
        before=tuple(_row(each, view) for each in history.before),
        after=tuple(_row(each, view) for each in history.after),
        group_ways=group_ways("therapist", appointment, view.now),
    )


def _facts(appointment: Appointment, view: View, on: date) -> tuple[Fact, ...]:
    when = format_span(appointment.starts_at, appointment.ends_at, view.zone, view.habit)
    length = humanize_minutes(int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60)
    where = where_of(appointment)
    if appointment.location and appointment.location.address:
        where = f"{where}\n{address_of(appointment).removeprefix(appointment.location.name + ', ')}"
    led_by = [row.therapist.name for row in appointment.therapists]
    is_group = appointment.service.kind == ServiceKind.GROUP
    rows = (
        Fact("When", f"{format_day(on, relative_to=view.now.date())}, {when}\n{format_zone(view.zone)}"),
        Fact("Where", where),
        Fact("Service", f"{appointment.service.name}, {length}"),
        Fact("Places", f"{appointment.places_taken} of {appointment.capacity} taken" if is_group else ""),
        Fact("Led by", ", ".join(led_by) if len(led_by) > 1 else ""),
        *anyway_facts(appointment),
    )
    return tuple(row for row in rows if row.value)


def _person(client: Client, status: Status, steps: Sequence[Step], attendance: str, agreement: str) -> Person:
    href = url_for("therapist.mark", public_id=attendance)
    return Person(client.display_name, client.pronouns, status, reach_words(client), agreement, tuple(steps), href)


def _met_words(met: int, people: int) -> str:
    if met == 0:
        return "Your first session together." if people == 1 else "Your first session with them."
    return f"{met} completed session{'' if met == 1 else 's'} together before this one."


def _row(meeting: Meeting, view: View) -> MeetingRow:
    href = url_for("therapist.appointment", public_id=meeting.public_id)
    when = format_moment(meeting.starts_at, view.zone, view.habit)
    return MeetingRow(when, meeting.service, SETTLED.get(meeting.status), href)
