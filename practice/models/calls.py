"""Who asked to be called."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class BestTime(StrEnum):
    """When somebody would like to be called."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class CallRequest(HasPublicId, Base):
    """A stranger's wish to be called. It has no free text, so that nobody writes here what belongs in the vault."""

    __tablename__ = "call_request"
    __table_args__ = (
        CheckConstraint("best_time IN ('any', 'morning', 'afternoon', 'evening')", name="best_time_known"),
        Index(None, "answered_at", "created_at"),
    )

    name: Mapped[str]
    phone: Mapped[str]
    best_time: Mapped[str] = mapped_column(default=BestTime.ANY)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    therapist_id: Mapped[int | None] = mapped_column(ForeignKey("therapist.id"))
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
