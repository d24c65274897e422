"""Calendar feeds: revocable secret links with a privacy level."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class FeedKind(StrEnum):
    """Whose appointments a feed shows."""

    THERAPIST = "therapist"
    CLIENT = "client"
    PRACTICE = "practice"


class FeedLevel(StrEnum):
    """How much a feed says: a client's own is "busy" or "appointment", the others choose how clients are named."""

    BUSY = "busy"
    APPOINTMENT = "appointment"
    CODE = "code"
    INITIALS = "initials"
    FULL = "full"


class CalendarFeed(HasPublicId, Base):
    """A feed link. Only the token's hash is kept; the link itself is shown once.

    ``content_tag`` and ``content_at`` say which content was last handed out and since when: its Last-Modified.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint("kind IN ('therapist', 'client', 'practice')", name="kind_known"),
        CheckConstraint("level IN ('busy', 'appointment', 'code', 'initials', 'full')", name="level_known"),
        CheckConstraint("(kind = 'practice') = (resource_id IS NULL)", name="owner_fits_kind"),
        Index(None, "resource_id"),
        Index(None, "account_id"),
    )

    kind: Mapped[str]
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    level: Mapped[str] = mapped_column(default=FeedLevel.BUSY)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_fetched_at: Mapped[datetime | None]
    last_program: Mapped[str] = mapped_column(default="")
    content_tag: Mapped[str] = mapped_column(default="")
    content_at: Mapped[datetime | None]
