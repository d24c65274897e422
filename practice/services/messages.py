"""What must be told to somebody: a row in the outbox, in the same transaction as what it tells of."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from practice.models import OutboxMessage
from practice.models.base import new_public_id


def post(
    session: Session, template: str, to: str, *, now: datetime, client_id: int | None = None, **context: Any
) -> None:
    """Put a message into the outbox. ``context`` holds public ids and links, never health data."""
    public_id = new_public_id()
    session.execute(
        insert(OutboxMessage),
        {
            "public_id": public_id,
            "template": template,
            "to_email": to,
            "client_id": client_id,
            "context": context,
            "message_id": f"<{uuid4()}@foundations.invalid>",
            "due_at": now,
            "attempts": 0,
            "last_error": "",
            "created_at": now,
        },
    )
