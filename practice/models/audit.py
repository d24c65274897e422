"""Who did and who read what: append-only, chained by the worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasId


class AuditEvent(HasId, Base):
    """One act. Names rows by kind and public id; ``detail`` never holds health data.

    ``link`` is the HMAC over this row and the link before it; null until the worker has chained it. Triggers refuse
    every other change, and every deletion.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("actor_kind IN ('account', 'token', 'stranger', 'system')", name="actor_kind_known"),
        Index(None, "subject_kind", "subject_id"),
    )

    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    link: Mapped[bytes | None]
