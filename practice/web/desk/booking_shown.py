"""What the first steps of booking for a caller show."""

from dataclasses import dataclass, replace

from flask import url_for

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.slots import therapists_offering
from practice.models import Client
from practice.queries.busy import current_rules
from practice.queries.clients import client_by_public_id
from practice.web.calendar_days import today_here
from practice.web.desk.checking import facts_of
from practice.web.desk.finding import Search, sealed_words
from practice.web.desk.forms import AnyTimeForm
from practice.web.desk.found_shown import found_page
from practice.web.desk.path import Chosen, Path
from practice.web.facts import Fact
from practice.web.found import FoundPage
from practice.web.frame import the_facts
from practice.web.presenting import format_money, humanize_minutes
from practice.web.shell import Link


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
    """Who is asked for, and what was chosen before."""

    facts: tuple[Fact, ...]
    heading: str
    here: str
    new_href: str
    back_href: str


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


def any_time_form(path: Path, form: AnyTimeForm | None = None) -> AnyTimeForm:
    """Return the form that takes any time, offered or not."""
    form = form or AnyTimeForm(data={"on": today_here()})
    offering = therapists_offering(path.rules, path.service, "staff")
    form.whom.choices = [(each.slug, each.name) for each in offering]
    return form


def length_links(path: Path) -> tuple[Link, ...]:
    """Return the lengths that a service can be booked in, where there is a choice."""
    lengths = path.rules.lengths_of(path.service.id) if path.service.kind != "group" else ()
    if len(lengths) < 2:
        return ()
    now = path.service.length_minutes
    return tuple(
        Link(
            humanize_minutes(each.minutes), path.url("book_times", at="", length=str(each.minutes)), each.minutes == now
        )
        for each in lengths
    )


def who_page(path: Path, chosen: Chosen) -> WhoPage:
    """Return the page that asks who comes, or who comes too."""
    first = path.clients[0].display_name if path.clients else ""
    return WhoPage(
        facts=facts_of(path.rules, path.service, chosen, path.url("book_times", at=""), path.clients),
        heading=f"Who comes with {first}?" if first else "Who is this session for?",
        here=path.url("book_who_typed"),
        new_href=path.url("book_new_client"),
        back_href=path.url("book_times", at=""),
    )


def who_found(path: Path, made: Search) -> FoundPage:
    """Return whom a search found who is not there already, each leading on with the booking."""
    others = tuple(client for client in made.clients if client not in path.clients)
    before = sum(1 for client in made.clients[: made.near] if client in path.clients)

    def href(client: Client) -> str:
        return path.url("book_who", client=".".join(filter(None, (path.who, client.public_id))))

    values = {"slug": path.service.slug, "at": path.at} | ({"client": path.who} if path.clients else {})
    values |= {"length": str(path.asking.duration_minutes)} if path.asking.duration_minutes else {}
    new_href = path.url("book_new_client", find=sealed_words(made.words))
    made = replace(made, clients=others, near=made.near - before)
    return found_page(made, href, "desk.book_who", new_href, **values)
