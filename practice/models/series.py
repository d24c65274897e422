"""Appointments that repeat."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class Series(HasPublicId, Base):
    """Appointments that repeat every ``every_weeks`` weeks at one wall time (``start_minute`` of the day) of one zone.

    It ends with ``ends_on`` (inclusive) or after ``times`` of them; with neither it is open-ended, and all dates up to
    ``filled_until`` have been made. ``follows_id`` is the series that this one is the changed rest of. ``location_id``
    null is online.
    """

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("every_weeks BETWEEN 1 AND 52", name="every_weeks_in_range"),
        CheckConstraint("times BETWEEN 1 AND 520", name="times_in_range"),
        CheckConstraint("start_minute BETWEEN 0 AND 1439", name="start_minute_in_day"),
        CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name="duration_in_range"),
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("(modality = 'in_person') = (location_id IS NOT NULL)", name="in_person_has_location"),
        Index(None, "therapist_id"),
    )

    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    zone: Mapped[str]
    every_weeks: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    modality: Mapped[str]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    start_minute: Mapped[int]
    duration_minutes: Mapped[int]
    times: Mapped[int | None]
    skips_closures: Mapped[bool] = mapped_column(default=True, server_default=true())
    filled_until: Mapped[date]
    ended_at: Mapped[datetime | None]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    revised_at: Mapped[datetime]


class SeriesClient(Base):
    """That a client comes to the appointments of a series."""

    __tablename__ = "series_client"
    __table_args__ = (Index(None, "client_id"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
