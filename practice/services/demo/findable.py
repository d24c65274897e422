"""What finds the demo practice's clients, in the order in which the database keeps it."""

from collections.abc import Callable, Sequence
from typing import Any

from practice.domain.intervals import instant
from practice.domain.searching import Findable
from practice.models import ClientSearch, ClientTerm
from practice.services.demo.batch import Batch
from practice.services.demo.calendar import Session

KNOWN_BY = ("name", "chosen_name", "email", "phone")
STEP = 500


def make_findable(clients: Batch, sessions: Sequence[Session], step: Callable[[int], Any]) -> tuple[Batch, Batch]:
    """Return the lines and terms of the clients, who are seen as late as the last of the sessions that are theirs."""
    seen = {client + 1: session.start for session in sessions for client, _ in session.seats}
    client_id, created_at = clients.columns.index("id"), clients.columns.index("created_at")
    known_by = [clients.columns.index(column) for column in KNOWN_BY]
    lines, terms = [], []
    for number, row in enumerate(clients.rows, 1):
        found = Findable(*(row[at] for at in known_by))
        last = instant(seen[row[client_id]]) if row[client_id] in seen else row[created_at]
        lines.append((row[client_id], found.words, found.contact, max(last, row[created_at])))
        terms += [(term, row[client_id]) for term in found.terms]
        if number % STEP == 0:
            step(STEP)
    step(len(lines) % STEP)
    terms.sort()
    return (
        Batch(ClientSearch.__table__, ("client_id", "words", "contact", "seen_at"), lines),  # type: ignore[arg-type]
        Batch(ClientTerm.__table__, ("term", "client_id"), terms),  # type: ignore[arg-type]
    )
