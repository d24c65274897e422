"""What clients are told of their sessions: one message a recipient, in the transaction of what it tells of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from practice.models import OutboxMessage
from practice.models.base import new_public_id
from practice.queries.parties import Party

DOMAIN = "foundations.invalid"
_INSERT = insert(OutboxMessage.__table__)  # type: ignore[arg-type]


def tell(
    session: Session,
    template: str,
    appointment_id: str,
    parties: Iterable[Party],
    *,
    now: datetime,
    wait: timedelta = timedelta(),
    **context: str,
) -> None:
    """Post ``template`` about the appointment (a public id) to everybody whom the parties chose, ``wait`` from now."""
    rows = [
        message(
            template, to, now=now, client_id=party.id, appointment=appointment_id, client=party.public_id, **context
        )
        | {"due_at": now + wait}
        for party in parties
        for to in party.recipients
    ]
    post_all(session, rows)


def post_all(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Put messages (``message``) into the outbox, in one statement."""
    if rows:
        session.connection().execute(_INSERT, rows)


def message(
    template: str, to: str, *, now: datetime, client_id: int | None = None, **context: str
) -> dict[str, object]:
    """Return a row for the outbox. ``context`` holds public ids and links, never health data."""
    return {
        "public_id": new_public_id(),
        "template": template,
        "to_email": to,
        "client_id": client_id,
        "context": context,
        "message_id": f"<{uuid4()}@{DOMAIN}>",
        "due_at": now,
        "attempts": 0,
        "last_error": "",
        "created_at": now,
    }
