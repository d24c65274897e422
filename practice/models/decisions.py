"""What is put to a therapist to decide."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class DecisionKind(StrEnum):
    """What it is about."""

    REQUEST = "request"
    PARTNER = "partner"
    SERIES = "series"
    MINIMUM = "minimum"


class Decision(HasPublicId, Base):
    """A question to a therapist: open until ``decided_at``; what happens at ``due_at`` if nobody decides is its kind's.

    ``original_starts_at`` is the date of a series that it is about, and ``code`` why it is asked.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("kind IN ('request', 'partner', 'series', 'minimum')", name="kind_known"),
        CheckConstraint("appointment_id IS NOT NULL OR series_id IS NOT NULL", name="has_subject"),
        Index(None, "therapist_id", "decided_at"),
        Index(None, "appointment_id"),
        Index(None, "series_id"),
        Index(None, "decided_at", "due_at"),
    )

    kind: Mapped[str]
    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    original_starts_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str] = mapped_column(default="")
