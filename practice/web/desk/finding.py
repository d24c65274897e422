"""Finding clients as the desk types: what was typed never stands in an address, a log or a title."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.vault import Vault
from practice.db import db
from practice.domain.searching import Query, read_query
from practice.models import Client
from practice.queries.clients import clients_by_id
from practice.queries.finding import found_clients, latest_clients
from practice.web.asking import address_in
from practice.web.calendar_days import today_here
from practice.web.desk.clients_shown import PER_PAGE
from practice.web.forms.base import is_odd
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.reading import note_read

MOST = 100  # characters that are looked at
MOST_SENT = 1_000
MONTH_FIRST = "_US"  # how dates are written where the practice is


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed and who was found, best first; those from ``near`` on are only spelt alike."""

    words: str
    queries: tuple[Query, ...] = ()
    clients: tuple[Client, ...] = ()
    near: int = 0
    page: int = 1
    has_more: bool = False


def typed_words() -> str:
    """Return what the address says was typed, "" where it says nothing that is this person's own."""
    sealed = request.args.get("find", "")
    return (_vault().open_words(sealed, g.identity.id) or "") if sealed else ""


def sealed_words(words: str) -> str:
    """Return what was typed as this person's addresses carry it."""
    return _vault().seal_words(words, g.identity.id) if words else ""


def search(words: str, *, shows_latest: bool = False) -> Search:
    """Find the clients whom ``words`` mean, or with no words the latest ones, and note that they are shown."""
    page = read_page(request.args)
    facts = the_facts()
    queries = read_query(words, today_here(), month_first=facts.locale.endswith(MONTH_FIRST))
    if words:
        found = found_clients(db.session(), queries, _vault().birth_date_marks, page=page, per_page=PER_PAGE)
    elif shows_latest:
        found = latest_clients(db.session(), page=page, per_page=PER_PAGE)
    else:
        return Search("")
    clients = tuple(clients_by_id(db.session(), found.client_ids))
    if clients:
        note_read("clients.listed", ("", ""), clients=[client.public_id for client in clients])
    return Search(words, tuple(queries), clients, found.near, page, found.has_more)


def answer_typed(endpoint: str, show: Callable[[Search], object], **values: str) -> ResponseReturnValue:
    """Answer what was typed: with a list for the page that asks while somebody types, else by leading to the page."""
    words = _tidied(request.form.get("words", ""))
    here = url_for(endpoint, find=sealed_words(words) or None, **cast("dict[str, Any]", values))
    if request.headers.get("HX-Request") != "true":
        return redirect(here, 303)
    answer = make_response(render_template("desk/_found.html", found=show(search(words))))
    if address_in("HX-Current-URL").path == request.path:
        answer.headers["HX-Replace-Url"] = here  # whoever comes back finds the same list
    return answer


def typed_parts(queries: Sequence[Query]) -> tuple[str, ...]:
    """Return the folded words and numbers that were looked for, to be marked where they were found."""
    return tuple(dict.fromkeys(need.typed for query in queries for need in query.needs))


def _tidied(text: str) -> str:
    """Return what was typed on one line, without what nobody types, such as a NUL, and not longer than a line is."""
    return " ".join("".join(" " if is_odd(each) else each for each in text[:MOST_SENT]).split())[:MOST]


def _vault() -> Vault:
    vault: Vault = current_app.extensions["vault"]
    return vault
