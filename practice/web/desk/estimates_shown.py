"""What the pages about estimates show."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from practice.models import Client, Estimate, SafeContact
from practice.queries.estimates import Listed
from practice.web.birth_dates import known_birth_date
from practice.web.board import Status
from practice.web.calendar_days import today_here
from practice.web.desk.clients_shown import PER_PAGE, page_links
from practice.web.estimates_shown import Paper, paper_of
from practice.web.frame import the_facts
from practice.web.paging import PageLinks
from practice.web.presenting import format_moment, habit_of, relative_day
from practice.web.shell import Link


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate in the list; without ``href`` it is not written yet, and ``make_href`` writes it."""

    name: str
    client_href: str
    about: str
    first: str
    when: str
    status: Status | None
    href: str
    make_href: str


@dataclass(frozen=True, slots=True)
class EstimatesPage:
    """The list of those to give, or of those given."""

    rows: tuple[EstimateRow, ...]
    tabs: tuple[Link, ...]
    links: PageLinks
    is_given: bool


@dataclass(frozen=True, slots=True)
class EstimatePage:
    """One estimate: ``paper`` where it is written; ``given`` says when it was given."""

    public_id: str
    name: str
    client_href: str
    paper: Paper | None
    given: str
    can_mail: bool


def estimates_page(found: Sequence[Listed], number: int, waiting: int, *, is_given: bool) -> EstimatesPage:
    """Return a page of the list; ``found`` holds one row more where another page follows."""
    rows = tuple(_row(each) for each in found[:PER_PAGE])
    kept = {"given": "yes"} if is_given else {}
    return EstimatesPage(
        rows=rows,
        tabs=(
            Link(f"To give ({waiting})" if waiting else "To give", url_for("desk.estimates"), not is_given),
            Link("Given", url_for("desk.estimates", given="yes"), is_given),
        ),
        links=page_links("desk.estimates", number, len(rows), has_more=len(found) > PER_PAGE, **kept),
        is_given=is_given,
    )


def estimate_page(found: Estimate, client: Client) -> EstimatePage:
    """Return the page of one estimate."""
    facts = the_facts()
    given = format_moment(found.given_at, facts.zone, habit_of(facts.locale)) if found.given_at else ""
    return EstimatePage(
        public_id=found.public_id,
        name=client.display_name,
        client_href=url_for("desk.client", public_id=client.public_id),
        paper=paper_of(found.content, client.name, known_birth_date(client), facts.locale) if found.made_at else None,
        given=given,
        can_mail=bool(client.email) and client.safe_contact == SafeContact.EMAIL,
    )


def _row(each: Listed) -> EstimateRow:
    facts = the_facts()
    habit = habit_of(facts.locale)
    given = format_moment(each.given_at, facts.zone, habit) if each.given_at else ""
    return EstimateRow(
        name=each.name,
        client_href=url_for("desk.client", public_id=each.client_id),
        about=f"{each.service} with {each.therapist}",
        first=format_moment(each.starts_at, facts.zone, habit),
        when=given or relative_day(each.due_on, today_here()),
        status=None if given else _status(each),
        href=url_for("desk.estimate", public_id=each.public_id) if each.made_at else "",
        make_href=url_for("desk.estimate_make", public_id=each.public_id),
    )


def _status(each: Listed) -> Status:
    if each.made_at:
        return Status("Written", "now")
    return Status("To write", "attention") if each.due_on <= today_here() else Status("To write")
