"""Services: the kinds of session that can be booked, and who offers them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class ServiceKind(StrEnum):
    """What a service is for."""

    CONSULTATION = "consultation"
    INDIVIDUAL = "individual"
    COUPLE = "couple"
    GROUP = "group"


class Audience(StrEnum):
    """Who may book a service."""

    PUBLIC = "public"
    CLIENTS = "clients"
    STAFF = "staff"


class Modality(StrEnum):
    """How people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class BelowMinimum(StrEnum):
    """What becomes of a group's date with too few people, where nobody decides."""

    GO_ON = "go_on"
    CANCEL = "cancel"


class Service(HasPublicId, Base):
    """A bookable kind of session. Lengths are in minutes, money in the practice's smallest unit.

    ``notice_minutes`` and ``window_days`` are the practice's where they are null. ``room_features`` are those that a
    room must have, all of them. ``minimum`` is how few people a group's date needs (0: any number), looked at
    ``decide_hours`` before it begins.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("kind IN ('consultation', 'individual', 'couple', 'group')", name="kind_known"),
        CheckConstraint("audience IN ('public', 'clients', 'staff')", name="audience_known"),
        CheckConstraint("duration_minutes BETWEEN 5 AND 720", name="duration_in_range"),
        CheckConstraint("before_minutes BETWEEN 0 AND 240", name="before_in_range"),
        CheckConstraint("after_minutes BETWEEN 0 AND 240", name="after_in_range"),
        CheckConstraint("step_minutes BETWEEN 5 AND 720", name="step_in_range"),
        CheckConstraint("capacity BETWEEN 1 AND 500", name="capacity_in_range"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("in_person OR online", name="has_modality"),
        CheckConstraint("notice_minutes >= 0", name="notice_not_negative"),
        CheckConstraint("window_days BETWEEN 1 AND 730", name="window_days_in_range"),
        CheckConstraint("max_per_week BETWEEN 1 AND 50", name="max_per_week_in_range"),
        CheckConstraint("minimum BETWEEN 0 AND 500", name="minimum_in_range"),
        CheckConstraint("decide_hours BETWEEN 1 AND 720", name="decide_hours_in_range"),
        CheckConstraint("below_minimum IN ('go_on', 'cancel')", name="below_minimum_known"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    audience: Mapped[str] = mapped_column(default=Audience.CLIENTS)
    about: Mapped[str] = mapped_column(default="")
    what_to_expect: Mapped[str] = mapped_column(default="")
    duration_minutes: Mapped[int]
    before_minutes: Mapped[int] = mapped_column(default=0)
    after_minutes: Mapped[int] = mapped_column(default=0)
    step_minutes: Mapped[int]
    capacity: Mapped[int] = mapped_column(default=1)
    price_cents: Mapped[int] = mapped_column(default=0)
    in_person: Mapped[bool] = mapped_column(default=True)
    online: Mapped[bool] = mapped_column(default=True)
    notice_minutes: Mapped[int | None]
    window_days: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_consultation: Mapped[bool] = mapped_column(default=False, server_default=false())
    max_per_week: Mapped[int | None]
    room_features: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    wear_bring: Mapped[str] = mapped_column(default="", server_default="")
    step_out: Mapped[str] = mapped_column(default="", server_default="")
    late_welcome: Mapped[str] = mapped_column(default="", server_default="")
    minimum: Mapped[int] = mapped_column(default=0, server_default="0")
    decide_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    below_minimum: Mapped[str] = mapped_column(default=BelowMinimum.GO_ON, server_default="go_on")


class ServiceDuration(Base):
    """Another length that a service is offered in, beside its own; ``price_cents`` where that differs."""

    __tablename__ = "service_duration"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes_in_range"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price_cents: Mapped[int | None]


class Offer(Base):
    """That a therapist offers a service, in which modalities, at which price where it differs."""

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("in_person OR online", name="has_modality"), Index(None, "service_id"))

    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    in_person: Mapped[bool] = mapped_column(default=True)
    online: Mapped[bool] = mapped_column(default=True)
    price_cents: Mapped[int | None]
