"""Courses: dates of a group that belong together."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class Enrolment(StrEnum):
    """What people can take a place in."""

    DATE = "date"
    COURSE = "course"
    BOTH = "both"


class Course(HasPublicId, Base):
    """Dates of a group that belong together: its appointments name it."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("enrol IN ('date', 'course', 'both')", name="enrol_known"),
        Index(None, "service_id"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    name: Mapped[str]
    enrol: Mapped[str] = mapped_column(default=Enrolment.BOTH)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
