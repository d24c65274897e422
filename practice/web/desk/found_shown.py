"""What a search for clients shows: who they are, told apart, with what was typed marked."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import g

from practice.db import db
from practice.domain.spelling import folded
from practice.models import Client
from practice.queries.clients import next_sessions
from practice.web.birth_dates import birth_date_of
from practice.web.desk.clients_shown import page_links
from practice.web.desk.finding import Search, sealed_words, typed_parts
from practice.web.found import FoundPage, FoundRow
from practice.web.frame import the_facts
from practice.web.marked import Piece, marked
from practice.web.presenting import format_date, format_moment, habit_of
from practice.web.reading import note_read

LAST_DIGITS = 4


def found_page(
    search: Search, href_of: Callable[[Client], str], endpoint: str, new_href: str, **values: str
) -> FoundPage:
    """Return the list; ``href_of`` says where each leads, ``endpoint`` and ``values`` where its pages are."""
    rows = _rows(search, href_of)
    find = sealed_words(search.words) or None
    links = page_links(endpoint, search.page, len(rows), has_more=search.has_more, find=find, **values)
    return FoundPage(search.words, _said(search), rows[: search.near], rows[search.near :], links, new_href)


def _said(search: Search) -> str:
    if not search.words:
        return ""
    count = len(search.clients)
    if not count:
        return "Nobody found"
    if search.has_more:
        return f"The first {count} clients. Type more to narrow it down."
    words = f"{count} client" if count == 1 else f"{count} clients"
    return f"{words} with a similar name" if not search.near else words


def _rows(search: Search, href_of: Callable[[Client], str]) -> tuple[FoundRow, ...]:
    coming = next_sessions(db.session(), search.clients, g.now)
    born = _birth_dates(search)
    return tuple(_row(client, href_of(client), search, coming, born) for client in search.clients)


def _row(
    client: Client, href: str, search: Search, coming: Mapping[int, datetime], born: Mapping[int, date]
) -> FoundRow:
    facts, typed = the_facts(), typed_parts(search.queries)
    shows_email = any(query.email for query in search.queries)
    name = marked(client.display_name, typed)
    also = marked(client.name, typed) if client.chosen_name and client.chosen_name != client.name else ()
    is_marked = any(piece.is_match for piece in (*name, *also))
    told: list[tuple[Piece, ...]] = []
    if client.id in coming:
        told.append((Piece(f"Next {format_moment(coming[client.id], facts.zone, habit_of(facts.locale))}"),))
    if client.id in born:
        told.append((Piece(f"Born {format_date(born[client.id])}"),))
    if client.phone:
        last = client.phone[-LAST_DIGITS:]
        told.append((Piece("Phone ends "), Piece(last, is_match=any(each.endswith(last) for each in typed))))
    if client.email and (shows_email or (typed and not is_marked)):
        email = marked(client.email, typed, inside=True)
        told += [email] if shows_email or any(piece.is_match for piece in email) else []
    return FoundRow(client.public_id, name, also, client.pronouns, tuple(told), href)


def _birth_dates(search: Search) -> dict[int, date]:
    """Open the birth dates that were asked for, and those that tell people of one name apart; and note it."""
    names = Counter(folded(client.display_name) for client in search.clients)
    asked = any(query.birth_dates for query in search.queries)
    wanted = [
        client for client in search.clients
        if client.birth_date_sealed and (asked or names[folded(client.display_name)] > 1)
    ]  # fmt: skip
    if wanted:
        note_read("clients.birth_dates_read", ("", ""), clients=[client.public_id for client in wanted])
    return {client.id: birth_date_of(client) for client in wanted}
