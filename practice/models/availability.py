"""When therapists work: weekly hours, single dates, time away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.models.base import Base, HasId, HasPublicId


class HasPlace:
    """Wall-clock hours at a place: ``start_minute`` and ``end_minute`` count from the day's midnight (0 to 1440).

    ``location_id`` null is online only; a row with a location may be open to online sessions too.
    """

    start_minute: Mapped[int]
    end_minute: Mapped[int]
    zone: Mapped[str]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    is_online: Mapped[bool] = mapped_column(default=True)


class Availability(HasPublicId, HasPlace, Base):
    """Recurring weekly hours. Never overwritten: a change ends the row (``valid_until`` is inclusive) and adds one."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint(
            "start_minute >= 0 AND end_minute <= 1440 AND end_minute > start_minute", name="minutes_in_day"
        ),
        CheckConstraint("location_id IS NOT NULL OR is_online", name="has_place"),
        CheckConstraint("valid_until >= valid_from", name="valid_until_after_from"),
        Index(None, "therapist_id", "weekday"),
    )

    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    weekday: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class DateHours(HasPublicId, Base):
    """Replaces a therapist's weekly hours on one date; without spans the date has no hours."""

    __tablename__ = "date_hours"
    __table_args__ = (UniqueConstraint("therapist_id", "on_date"),)

    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    on_date: Mapped[date]

    spans: Mapped[list["DateHoursSpan"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="DateHoursSpan.start_minute"
    )


class DateHoursSpan(HasId, HasPlace, Base):
    """One stretch of a replaced date."""

    __tablename__ = "date_hours_span"
    __table_args__ = (
        CheckConstraint(
            "start_minute >= 0 AND end_minute <= 1440 AND end_minute > start_minute", name="minutes_in_day"
        ),
        CheckConstraint("location_id IS NOT NULL OR is_online", name="has_place"),
        Index(None, "date_hours_id"),
    )

    date_hours_id: Mapped[int] = mapped_column(ForeignKey("date_hours.id", ondelete="CASCADE"))


class TimeOff(HasPublicId, Base):
    """Takes a stretch of time away from a therapist's hours."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "therapist_id", "starts_at"),
    )

    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


class OutsideBusy(HasId, Base):
    """A span that an outside calendar says its therapist is busy in. Only spans are kept, never titles."""

    __tablename__ = "outside_busy"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "resource_id", "starts_at"),
    )

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    source: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
