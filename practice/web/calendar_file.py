"""One session for somebody's own calendar: a file, and links that fill in a web calendar.

A calendar is a health record that others look into: unless whoever adds it chooses otherwise, the title says nothing
of what it is for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, request, url_for

from practice.adapters.calendar_links import google_link, outlook_link
from practice.adapters.ical_export import EventView, render_appointment
from practice.domain.errors import NotFound
from practice.models import Appointment, AppointmentStatus
from practice.queries.practice import PracticeFacts
from practice.queries.series import rule_of
from practice.web.presenting import join_words
from practice.web.series.instances import instance_of
from practice.web.sessions_shown import address_of
from practice.web.shell import Link

TITLE = "Appointment"
ASKED = "calendar"  # ?calendar=practice


@dataclass(frozen=True, slots=True)
class CalendarOffer:
    """Ways into a calendar, and what it will say there; ``choices`` lead to the same page with other words."""

    title: str
    is_chosen: bool
    choices: tuple[Link, ...]
    file_href: str
    google_href: str
    outlook_href: str


def calendar_file(appointment: Appointment, facts: PracticeFacts, also: Iterable[Appointment] = ()) -> Response:
    """Return the file, under the title that the address asks for; the appointment must be loaded whole.

    ``also`` are further dates of its course that belong into the same file.

    Raises NotFound for what is only asked for: a calendar is told of what is booked.
    """
    if appointment.status == AppointmentStatus.REQUESTED:
        raise NotFound
    dates = [appointment, *(date for date in also if date.id != appointment.id)]
    events = [event_of(date, titles_of(date, facts)[_asked()]) for date in dates]
    return Response(
        render_appointment(*events),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


def calendar_offer(
    appointment: Appointment, facts: PracticeFacts, *, page: str, file: str, public_id: str
) -> CalendarOffer:
    """Return what a page offers: ``page`` and ``file`` are the endpoints of the page itself and of the file."""
    titles, asked = titles_of(appointment, facts), _asked()
    event = event_of(appointment, titles[asked])
    return CalendarOffer(
        title=event.title,
        is_chosen=bool(asked),
        choices=tuple(
            Link(title, url_for(page, public_id=public_id, calendar=name or None, _anchor="calendar"), name == asked)
            for name, title in titles.items()
        ),
        file_href=url_for(file, public_id=public_id, calendar=asked or None),
        google_href=google_link(event),
        outlook_href=outlook_link(event),
    )


def titles_of(appointment: Appointment, facts: PracticeFacts) -> dict[str, str]:
    """Return what a calendar may call the session, by the word that asks for it; the first one asks for nothing."""
    people = join_words([row.therapist.name for row in appointment.therapists])
    return {
        "": TITLE,
        "practice": f"{TITLE} at {facts.name}",
        "session": f"{appointment.service.name} with {people}",
    }


def event_of(appointment: Appointment, title: str) -> EventView:
    """Return the session as a calendar shows it: one of a series under the series' UID."""
    series = appointment.series
    return EventView(
        uid=series.uid if series else appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=appointment.zone,
        status="cancelled" if appointment.status == AppointmentStatus.CANCELLED else "booked",
        revised_at=appointment.revised_at,
        title=title,
        location=address_of(appointment),
        instance=instance_of(rule_of(series), appointment.original_starts_at) if series else None,
    )


def _asked() -> str:
    """Return which title is asked for; what is no title asks for the one that says nothing."""
    asked = request.args.get(ASKED, "")
    return asked if asked in ("practice", "session") else ""
