"""What the pages about clients show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from practice.models import Attendance, Client
from practice.web.board import Status
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.paging import PageLinks
from practice.web.presenting import format_date, format_moment, format_phone, format_zone, habit_of
from practice.web.reaching import SAFE
from practice.web.sessions_shown import status_of, where_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in a list."""

    public_id: str
    name: str
    also: str
    contact: str
    href: str


@dataclass(frozen=True, slots=True)
class ClientsPage:
    """What a search found."""

    words: str
    rows: tuple[ClientRow, ...]
    links: PageLinks


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a client's list."""

    when: str
    service: str
    therapist: str
    where: str
    status: Status
    href: str


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One client."""

    name: str
    facts: tuple[Fact, ...]
    coming: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]
    links: PageLinks
    book_href: str
    edit_href: str


def client_row(client: Client, href: str) -> ClientRow:
    """Return a client as a row."""
    also = client.name if client.chosen_name and client.chosen_name != client.name else ""
    contact = " · ".join(part for part in (client.email, phone_words(client)) if part)
    return ClientRow(client.public_id, client.display_name, also, contact or "No e-mail or phone", href)


def phone_words(client: Client) -> str:
    """Return the phone number as people here read it, "" where there is none."""
    return format_phone(client.phone, the_facts().country) if client.phone else ""


def clients_page(found: Sequence[Client], words: str, number: int) -> ClientsPage:
    """Return a page of a search; ``found`` holds one row more where another page follows."""
    rows = tuple(client_row(client, url_for("desk.client", public_id=client.public_id)) for client in found[:PER_PAGE])
    links = page_links("desk.clients", number, len(rows), has_more=len(found) > PER_PAGE, q=words)
    return ClientsPage(words, rows, links)


def page_links(endpoint: str, number: int, shown: int, *, has_more: bool, **values: Any) -> PageLinks:
    """Return the links before and after a page of a list."""
    first = (number - 1) * PER_PAGE + 1
    return PageLinks(
        words=f"{first} to {first + shown - 1}" if shown else "",
        previous_href=url_for(endpoint, page=number - 1, **values) if number > 1 else "",
        next_href=url_for(endpoint, page=number + 1, **values) if has_more else "",
    )


def client_page(client: Client, coming: Sequence[Attendance], past: Sequence[Attendance], number: int) -> ClientPage:
    """Return the page of one client."""
    links = page_links(
        "desk.client", number, len(past[:PER_PAGE]), has_more=len(past) > PER_PAGE, public_id=client.public_id
    )
    return ClientPage(
        name=client.display_name,
        facts=_facts(client),
        coming=tuple(_session_row(attendance) for attendance in coming[:PER_PAGE]),
        past=tuple(_session_row(attendance) for attendance in past[:PER_PAGE]),
        links=links,
        book_href=url_for("desk.book", client=client.public_id),
        edit_href=url_for("desk.edit_client", public_id=client.public_id),
    )


def _facts(client: Client) -> tuple[Fact, ...]:
    rows = (
        Fact("Name on papers", client.name if client.chosen_name else ""),
        Fact("Pronouns", client.pronouns),
        Fact("E-mail", client.email or "None"),
        Fact("Phone", phone_words(client) or "None"),
        Fact("Safe contact", SAFE[client.safe_contact]),
        Fact("Time zone", format_zone(client.zone)),
        Fact("Client since", format_date(client.created_at.date())),
    )
    return tuple(row for row in rows if row.value)


def _session_row(attendance: Attendance) -> SessionRow:
    facts = the_facts()
    appointment = attendance.appointment
    return SessionRow(
        when=format_moment(appointment.starts_at, facts.zone, habit_of(facts.locale)),
        service=appointment.service.name,
        therapist=", ".join(row.therapist.name for row in appointment.therapists),
        where=where_of(appointment),
        status=status_of(attendance, appointment.starts_at, appointment.ends_at, g.now),
        href=href_of_appointment(appointment.public_id),
    )
