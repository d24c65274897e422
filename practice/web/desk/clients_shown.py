"""What the pages about clients show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from practice.domain.needs import Needs
from practice.domain.regions import region_name
from practice.models import Attendance, Client
from practice.queries.access import Access
from practice.web.board import Status
from practice.web.calendar_days import today_here
from practice.web.desk.agreement_shown import AgreementCard
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.needs_form import needs_words
from practice.web.paging import PageLinks
from practice.web.paging import page_links as links_of_pages
from practice.web.presenting import (
    format_date,
    format_moment,
    format_money,
    format_phone,
    format_zone,
    habit_of,
    join_words,
)
from practice.web.reaching import SAFE, reach_words
from practice.web.sessions_shown import status_of, where_of

PER_PAGE = 20
MAY = {
    "can_book": "book",
    "can_see_times": "see times",
    "can_consent": "consent",
    "is_written_to": "be written to",
}
ACTS_AS = {"self": "The client", "guardian": "Guardian"}


@dataclass(frozen=True, slots=True)
class ActingRow:
    """Somebody who acts for a client."""

    name: str
    email: str
    kind: str
    rights: str
    since: str


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
    acting: tuple[ActingRow, ...]
    coming: tuple[SessionRow, ...]
    coming_links: PageLinks
    past: tuple[SessionRow, ...]
    past_links: PageLinks
    book_href: str
    edit_href: str
    people_href: str
    agreement: AgreementCard | None
    said_href: str


def phone_words(client: Client) -> str:
    """Return the phone number as people here read it, "" where there is none."""
    return format_phone(client.phone, the_facts().country) if client.phone else ""


def page_links(
    endpoint: str, number: int, shown: int, *, has_more: bool, name: str = "page", **values: Any
) -> PageLinks:
    """Return the links before and after a page of a list, whose number stands in the address as ``name``."""
    return links_of_pages(endpoint, number, shown, PER_PAGE, has_more=has_more, name=name, **values)


def client_page(
    client: Client,
    acting: Sequence[Access],
    coming: Sequence[Attendance],
    past: Sequence[Attendance],
    ahead: int,
    number: int,
    *,
    agreement: AgreementCard | None,
    needs: Needs,
) -> ClientPage:
    """Return the page of one client: page ``ahead`` of the sessions to come, page ``number`` of those before."""
    return ClientPage(
        name=client.display_name,
        facts=_facts(client, needs),
        acting=tuple(_acting_row(each) for each in acting if each.is_open(today_here())),
        coming=tuple(_session_row(attendance) for attendance in coming[:PER_PAGE]),
        coming_links=_links(client, coming, "coming", ahead, page=number),
        past=tuple(_session_row(attendance) for attendance in past[:PER_PAGE]),
        past_links=_links(client, past, "page", number, coming=ahead),
        book_href=url_for("desk.book", client=client.public_id),
        edit_href=url_for("desk.client_edit", public_id=client.public_id),
        people_href=url_for("desk.people", public_id=client.public_id),
        agreement=agreement,
        said_href=url_for("desk.partner_said", public_id=client.public_id) if client.awaits_agreement else "",
    )


def _links(client: Client, found: Sequence[Attendance], name: str, number: int, **other: int) -> PageLinks:
    """Return the links of one of the two lists; the other one stays on its page."""
    kept = {key: value for key, value in other.items() if value > 1}
    shown, has_more = len(found[:PER_PAGE]), len(found) > PER_PAGE
    where = {"public_id": client.public_id, "_anchor": name, **kept}
    return page_links("desk.client", number, shown, has_more=has_more, name=name, **where)


def _acting_row(access: Access) -> ActingRow:
    may = [words for name, words in MAY.items() if getattr(access, name)]
    until = f" until {format_date(access.valid_until)}" if access.valid_until else ""
    return ActingRow(
        access.name,
        access.email,
        ACTS_AS[access.kind],
        f"May {join_words(may)}" if may else "May do nothing",
        f"Since {format_date(access.valid_from)}{until}",
    )


def _fees(client: Client) -> str:
    """ "$90 a session, no late fees", as agreed; "As usual" where nothing was."""
    own = client.agreed_fee_cents
    parts = [f"{format_money(own, the_facts().currency)} a session"] if own is not None else []
    return ", ".join([*parts, *(["no late fees"] if client.no_late_fees else [])]).capitalize() or "As usual"


def _facts(client: Client, needs: Needs) -> tuple[Fact, ...]:
    needs_href = url_for("desk.client_needs", public_id=client.public_id)
    rows = (
        Fact("Name on papers", client.name if client.chosen_name else ""),
        Fact("Pronouns", client.pronouns),
        Fact("E-mail", client.email or "None"),
        Fact("Phone", phone_words(client) or "None"),
        Fact("Safe contact", reach_words(client) if client.awaits_agreement else SAFE[client.safe_contact]),
        Fact("Needs", needs_words(needs) or "Nothing in particular", needs_href),
        Fact("Online from", region_name(client.region)),
        Fact("Fees", _fees(client), url_for("desk.client_agreed", public_id=client.public_id)),
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
