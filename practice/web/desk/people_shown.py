"""What the pages about people who act for a client show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for

from practice.models import AccessKind, Client
from practice.queries.access import Access
from practice.web.board import Status
from practice.web.calendar_days import today_here
from practice.web.presenting import format_date, join_words

MAY = {
    "can_book": "book",
    "can_see_times": "see times",
    "can_consent": "consent",
    "can_read": "read answers",
    "is_written_to": "be written to",
}
ENDED, INVITED = Status("Ended", "ended"), Status("Invited", "attention")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who acts, or acted, for a client."""

    name: str
    email: str
    kind: str
    rights: str
    since: str
    status: Status | None
    change_href: str
    end_href: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everybody who acts for a client; ``sign_in_href`` is "" where the client has a sign-in."""

    client: str
    client_href: str
    rows: tuple[PersonRow, ...]
    new_href: str
    sign_in_href: str

    @property
    def heading(self) -> str:
        """ "People who act for Sam"."""
        return f"People who act for {self.client}"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One of them, or somebody new."""

    client: str
    client_href: str
    people_href: str
    people: str
    name: str
    email: str


def people_page(client: Client, access: Sequence[Access], reads: Callable[[Access], bool]) -> PeoplePage:
    """Return everybody who acts, or acted, for a client; ``reads`` says who may read answers today."""
    today = today_here()
    has_own = any(row.kind == AccessKind.SELF and row.is_open(today) for row in access)
    return PeoplePage(
        client=client.display_name,
        client_href=url_for("desk.client", public_id=client.public_id),
        rows=tuple(person_row(client, row, is_reader=reads(row)) for row in access),
        new_href=url_for("desk.person_new", public_id=client.public_id),
        sign_in_href="" if has_own else url_for("desk.own_sign_in", public_id=client.public_id),
    )


def person_row(client: Client, row: Access, *, is_reader: bool) -> PersonRow:
    """Return a line of the list."""
    is_open = row.is_open(today_here())
    of, who = client.public_id, row.public_id
    until = f" until {format_date(row.valid_until)}" if row.valid_until else ""
    is_guardian = row.kind == AccessKind.GUARDIAN
    return PersonRow(
        name=row.name,
        email=row.email,
        kind="Guardian" if is_guardian else "The client",
        rights=_rights(row, is_reader=is_reader) if is_guardian else "Everything of their own",
        since=f"Since {format_date(row.valid_from)}{until}",
        status=(INVITED if row.is_waiting else None) if is_open else ENDED,
        change_href=url_for("desk.person", public_id=of, account_id=who) if is_guardian else "",
        end_href=url_for("desk.person_end", public_id=of, account_id=who) if is_open else "",
    )


def person_page(client: Client, row: Access | None = None) -> PersonPage:
    """Return the page of one of them, or of somebody new."""
    return PersonPage(
        client=client.display_name,
        client_href=url_for("desk.client", public_id=client.public_id),
        people_href=url_for("desk.people", public_id=client.public_id),
        people=f"People who act for {client.display_name}",
        name=row.name if row else "",
        email=row.email if row else "",
    )


def _rights(row: Access, *, is_reader: bool) -> str:
    may = [words for name, words in MAY.items() if (is_reader if name == "can_read" else getattr(row, name))]
    return f"May {join_words(may)}" if may else "May do nothing"
