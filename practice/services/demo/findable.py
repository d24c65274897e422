"""What finds the demo practice's clients, in the order in which the database keeps it."""

from collections.abc import Callable
from typing import Any

from practice.domain.searching import Findable
from practice.models import ClientSearch, ClientTerm
from practice.services.demo.batch import Batch

KNOWN_BY = ("name", "chosen_name", "email", "phone")
STEP = 500


def make_findable(clients: Batch, step: Callable[[int], Any]) -> tuple[Batch, Batch]:
    """Return the lines and terms of the clients; when they are seen is for the triggers to note."""
    client_id, created_at = clients.columns.index("id"), clients.columns.index("created_at")
    known_by = [clients.columns.index(column) for column in KNOWN_BY]
    lines, terms = [], []
    for number, row in enumerate(clients.rows, 1):
        found = Findable(*(row[at] for at in known_by))
        lines.append((row[client_id], found.words, found.contact, row[created_at]))
        terms += [(term, row[client_id]) for term in found.terms]
        if number % STEP == 0:
            step(STEP)
    step(len(lines) % STEP)
    terms.sort()
    return (
        Batch(ClientSearch.__table__, ("client_id", "words", "contact", "seen_at"), lines),  # type: ignore[arg-type]
        Batch(ClientTerm.__table__, ("term", "client_id"), terms),  # type: ignore[arg-type]
    )
