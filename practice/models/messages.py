"""What must be told to somebody: the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class OutboxMessage(HasPublicId, Base):
    """A message to send, written in the transaction that it tells of; rendered and sent by the worker.

    ``context`` names rows by public id and carries no health data. ``message_id`` is stable over retries, so that a
    duplicate can be recognised.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"), Index(None, "sent_at", "due_at"))

    template: Mapped[str]
    to_email: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    context: Mapped[dict[str, Any]] = mapped_column(default=dict)
    message_id: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
