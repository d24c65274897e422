"""What the first steps of booking for a caller show."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import Client
from practice.queries.busy import current_rules
from practice.queries.clients import client_by_public_id
from practice.web.desk.checking import facts_of
from practice.web.desk.clients_shown import PER_PAGE, ClientRow, client_row, page_links
from practice.web.desk.path import Chosen, Path
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.paging import PageLinks
from practice.web.presenting import format_money, humanize_minutes


@dataclass(frozen=True, slots=True)
class ServiceLink:
    """A service to choose."""

    name: str
    facts: str
    href: str


@dataclass(frozen=True, slots=True)
class ServicesPage:
    """The services, and for whom, where the desk began with a client."""

    services: tuple[ServiceLink, ...]
    client: str


@dataclass(frozen=True, slots=True)
class WhoPage:
    """The clients that a search found, and what was chosen before."""

    facts: tuple[Fact, ...]
    heading: str
    words: str
    rows: tuple[ClientRow, ...]
    links: PageLinks
    new_href: str
    back_href: str
    hidden: tuple[tuple[str, str], ...]


def services_page(client: str) -> ServicesPage:
    """Return the services that can be booked, everybody's and those that only staff book."""
    rules, facts = current_rules(db.session()), the_facts()
    known = client_by_public_id(db.session(), client) if client else None
    if client and known is None:
        raise NotFound
    rows = tuple(
        ServiceLink(
            each.name,
            f"{humanize_minutes(each.duration_minutes)} · {format_money(each.price_cents, facts.currency)}",
            url_for("desk.book_times", slug=each.slug, client=client or None),
        )
        for each in rules.services
    )
    return ServicesPage(rows, known.display_name if known else "")


def who_page(path: Path, chosen: Chosen, found: Sequence[Client], words: str, number: int) -> WhoPage:
    """Return the page that asks who comes, or who comes too."""
    taken = {client.public_id for client in path.clients}
    rows = tuple(
        client_row(each, path.url("book_who", client=".".join((*filter(None, [path.who]), each.public_id))))
        for each in found[:PER_PAGE]
        if each.public_id not in taken
    )
    values = {"slug": path.service.slug, "at": path.at, "q": words} | ({"client": path.who} if path.clients else {})
    first = path.clients[0].display_name if path.clients else ""
    return WhoPage(
        facts=facts_of(path.rules, path.service, chosen, path.url("book_times", at="")),
        heading=f"Who comes with {first}?" if first else "Who is this session for?",
        words=words,
        rows=rows,
        links=page_links("desk.book_who", number, len(rows), has_more=len(found) > PER_PAGE, **values),
        new_href=path.url("book_new_client"),
        back_href=path.url("book_times", at=""),
        hidden=tuple((name, value) for name, value in (("at", path.at), ("client", path.who)) if value),
    )
