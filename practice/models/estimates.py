"""Good-faith estimates of what sessions will cost (45 CFR 149.610)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class Estimate(HasPublicId, Base):
    """An estimate that falls due on ``due_on``. ``content`` is what was printed, kept as it was when it was made."""

    __tablename__ = "estimate"
    __table_args__ = (
        Index(None, "client_id"),
        Index(None, "appointment_id"),
        Index(None, "series_id"),
        Index(None, "made_at", "due_on"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    due_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
