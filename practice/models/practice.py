"""The practice itself: its policies, places and closures, and the revision of its rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasId, HasPublicId


class Practice(HasId, Base):
    """The one practice that this database belongs to (row 1). ``accent`` is its colour ("#2a6656"), or "".

    ``answer_hours`` is how long a request for a session waits for an answer; ages are in years; ``npi`` and ``tax_id``
    stand on good-faith estimates.
    """

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("id = 1", name="is_single"),
        CheckConstraint("notice_minutes >= 0", name="notice_not_negative"),
        CheckConstraint("window_days BETWEEN 1 AND 730", name="window_days_in_range"),
        CheckConstraint("free_cancel_hours >= 0", name="free_cancel_hours_not_negative"),
        CheckConstraint("late_fee_cents >= 0", name="late_fee_not_negative"),
        CheckConstraint("hold_minutes BETWEEN 1 AND 240", name="hold_minutes_in_range"),
        CheckConstraint("request_minutes BETWEEN 5 AND 1440", name="request_minutes_in_range"),
        CheckConstraint("answer_hours BETWEEN 1 AND 720", name="answer_hours_in_range"),
        CheckConstraint("majority_age BETWEEN 14 AND 25", name="majority_age_in_range"),
        CheckConstraint("consents_alone_age BETWEEN 10 AND 25", name="consents_alone_age_in_range"),
        CheckConstraint("consents_needed BETWEEN 1 AND 4", name="consents_needed_in_range"),
    )

    name: Mapped[str]
    zone: Mapped[str]
    country: Mapped[str] = mapped_column(default="US")
    currency: Mapped[str] = mapped_column(default="USD")
    locale: Mapped[str] = mapped_column(default="en_US")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    crisis_text: Mapped[str] = mapped_column(default="")
    notice_minutes: Mapped[int] = mapped_column(default=24 * 60)
    window_days: Mapped[int] = mapped_column(default=90)
    free_cancel_hours: Mapped[int] = mapped_column(default=24)
    late_fee_cents: Mapped[int] = mapped_column(default=0)
    hold_minutes: Mapped[int] = mapped_column(default=15)
    request_minutes: Mapped[int] = mapped_column(default=60)
    allows_full_names_in_feeds: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    tagline: Mapped[str] = mapped_column(default="", server_default="")
    accent: Mapped[str] = mapped_column(default="", server_default="")
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    answer_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    checks_licences: Mapped[bool] = mapped_column(default=False, server_default=false())
    majority_age: Mapped[int] = mapped_column(default=18, server_default="18")
    consents_alone_age: Mapped[int] = mapped_column(default=18, server_default="18")
    consents_needed: Mapped[int] = mapped_column(default=1, server_default="1")
    gives_estimates: Mapped[bool] = mapped_column(default=False, server_default=false())
    npi: Mapped[str] = mapped_column(default="", server_default="")
    tax_id: Mapped[str] = mapped_column(default="", server_default="")


class RuleBookRevision(HasId, Base):
    """Rises with every change of a rule that times depend on; moved by triggers (row 1).

    ``token`` is random text rather than a counter: a counter that was rolled back could come back for other rules.
    """

    __tablename__ = "rule_book_revision"
    __table_args__ = (CheckConstraint("id = 1", name="is_single"),)

    token: Mapped[str]


class Location(HasPublicId, Base):
    """A place where people meet, with its own zone."""

    __tablename__ = "location"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    directions: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]


class Room(HasPublicId, Base):
    """A room of a location: one session at a time."""

    __tablename__ = "room"
    __table_args__ = (Index(None, "location_id"),)

    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), unique=True)
    name: Mapped[str]
    features: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]


class Closure(HasPublicId, Base):
    """Closes a location, or the whole practice where ``location_id`` is null.

    ``holiday`` names the date of the holiday calendar that it was made from ("US-NY:2026-12-25"), or is "".
    """

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"), Index(None, "starts_at"))

    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    name: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    holiday: Mapped[str] = mapped_column(default="", server_default="")
