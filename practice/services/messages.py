"""The outbox: a message is a row, in the same transaction as what it tells of."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from practice.models import OutboxMessage
from practice.services.notices import message


def post(
    session: Session, template: str, to: str, *, now: datetime, client_id: int | None = None, **context: str
) -> None:
    """Put a message into the outbox. ``context`` holds public ids and links, never health data."""
    session.execute(insert(OutboxMessage), message(template, to, now=now, client_id=client_id, **context))
