"""Appointments, who is in them, and the ledger of time."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.models.base import Base, HasId, HasPublicId
from practice.models.people import Client, Therapist
from practice.models.practice import Location, Room
from practice.models.series import Series
from practice.models.services import BelowMinimum, Service


class ResourceKind(StrEnum):
    """What can be busy."""

    THERAPIST = "therapist"
    ROOM = "room"
    CLIENT = "client"


class AppointmentStatus(StrEnum):
    """Where an appointment stands."""

    HELD = "held"
    REQUESTED = "requested"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class AttendanceStatus(StrEnum):
    """Where one client's place in an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    CANCELLED_BY_PRACTICE = "cancelled_by_practice"


class HoldPurpose(StrEnum):
    """What a hold waits for."""

    CHECKOUT = "checkout"
    REQUEST = "request"
    OFFER = "offer"


class Lead(StrEnum):
    """A therapist's part in an appointment."""

    LEAD = "lead"
    CO_LEAD = "co_lead"


class Resource(HasId, Base):
    """A therapist, room or client as something that can be busy.

    ``revision`` rises, by trigger, whenever its busy time or an appointment it is part of changes.
    """

    __tablename__ = "resource"
    __table_args__ = (CheckConstraint("kind IN ('therapist', 'room', 'client')", name="kind_known"),)

    kind: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Appointment(HasPublicId, Base):
    """An event: what, where, when, and how many places it has.

    ``before_minutes`` and ``after_minutes`` are the buffers it was agreed with; ``revised_at`` moves with every change.
    ``is_first`` marks the first session of its client with that therapist, as it was when it was booked. A requested
    one lapses at ``answer_by``. ``override_codes`` are what staff booked against, and ``override_reason`` says why. A
    group's date with fewer than ``minimum`` people is put to its lead at ``decide_at``.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("status IN ('held', 'requested', 'booked', 'cancelled')", name="status_known"),
        CheckConstraint("modality IN ('in_person', 'online')", name="modality_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("places_taken >= 0", name="places_not_negative"),
        CheckConstraint("places_taken <= capacity", name="places_within_capacity"),
        CheckConstraint("(modality = 'in_person') = (location_id IS NOT NULL)", name="in_person_has_location"),
        CheckConstraint("room_id IS NULL OR location_id IS NOT NULL", name="room_has_location"),
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("minimum >= 0", name="minimum_not_negative"),
        CheckConstraint("below_minimum IN ('go_on', 'cancel')", name="below_minimum_known"),
        Index(None, "starts_at"),
        Index(None, "service_id", "starts_at"),
        # One session for each date of a series, however often the worker runs.
        Index("uq_appointment_series_id_original_starts_at", "series_id", "original_starts_at", unique=True),
    )

    uid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[str]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    modality: Mapped[str]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str]
    before_minutes: Mapped[int] = mapped_column(default=0)
    after_minutes: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int] = mapped_column(default=1)
    places_taken: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    original_starts_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    is_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    answer_by: Mapped[datetime | None] = mapped_column(index=True)
    override_reason: Mapped[str] = mapped_column(default="", server_default="")
    override_codes: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    minimum: Mapped[int] = mapped_column(default=0, server_default="0")
    decide_at: Mapped[datetime | None] = mapped_column(index=True)
    below_minimum: Mapped[str] = mapped_column(default=BelowMinimum.GO_ON, server_default="go_on")

    service: Mapped[Service] = relationship(lazy="raise")
    location: Mapped[Location | None] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")
    series: Mapped[Series | None] = relationship(lazy="raise")
    therapists: Mapped[list["AppointmentTherapist"]] = relationship(
        lazy="raise", order_by="AppointmentTherapist.part.desc()"
    )
    attendances: Mapped[list["Attendance"]] = relationship(lazy="raise", order_by="Attendance.id")
    holds: Mapped[list["Hold"]] = relationship(lazy="raise", viewonly=True)

    @property
    def lead(self) -> Therapist:
        """The therapist who leads it (``therapists`` and their therapist must be loaded)."""
        return next(row.therapist for row in self.therapists if row.part == Lead.LEAD)


class AppointmentTherapist(Base):
    """Who leads an appointment and who co-leads it."""

    __tablename__ = "appointment_therapist"
    __table_args__ = (
        CheckConstraint("part IN ('lead', 'co_lead')", name="part_known"),
        Index(None, "therapist_id"),
        Index(
            "uq_appointment_therapist_lead",
            "appointment_id",
            unique=True,
            sqlite_where=text("part = 'lead'"),
            postgresql_where=text("part = 'lead'"),
        ),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"), primary_key=True)
    part: Mapped[str] = mapped_column(default=Lead.LEAD)

    therapist: Mapped[Therapist] = relationship(lazy="raise")


class Attendance(HasPublicId, Base):
    """One client's place in an appointment, with its own status and fee.

    ``late_minutes`` is how late the client said they are, ``said_at`` when they last said that or that they are here,
    ``fee_noted_at`` when the desk noted the fee in its books. ``moved_late_at`` is when the client moved the session
    inside the late window: cancelling it afterwards is late as well.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("appointment_id", "client_id"),
        CheckConstraint(
            "status IN ('booked', 'arrived', 'completed', 'no_show', 'cancelled', 'late_cancelled', "
            "'cancelled_by_practice')",
            name="status_known",
        ),
        CheckConstraint("fee_cents >= 0", name="fee_not_negative"),
        CheckConstraint("late_fee_cents >= 0", name="late_fee_not_negative"),
        CheckConstraint("late_minutes BETWEEN 1 AND 120", name="late_minutes_in_range"),
        Index(None, "client_id"),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    status: Mapped[str] = mapped_column(default=AttendanceStatus.BOOKED)
    fee_cents: Mapped[int] = mapped_column(default=0)
    late_fee_cents: Mapped[int | None]
    created_at: Mapped[datetime]
    status_at: Mapped[datetime]
    late_minutes: Mapped[int | None]
    said_at: Mapped[datetime | None]
    fee_noted_at: Mapped[datetime | None]
    fee_waived_at: Mapped[datetime | None]
    fee_waived_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    waive_reason_sealed: Mapped[bytes | None]
    moved_late_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship(lazy="raise")
    appointment: Mapped[Appointment] = relationship(lazy="raise", viewonly=True)


class Hold(HasPublicId, Base):
    """Keeps an appointment's places until ``held_until`` for a holder; its occupancy never covers a client.

    The holds of a course's other dates have the first one as their parent, and go with it. ``network_hash`` says, under
    a key, which network it comes from, so that one network does not keep everything.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("purpose IN ('checkout', 'request', 'offer')", name="purpose_known"),
        CheckConstraint("places >= 1", name="places_positive"),
        Index(None, "held_until"),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    purpose: Mapped[str] = mapped_column(default=HoldPurpose.CHECKOUT)
    places: Mapped[int] = mapped_column(default=1)
    held_until: Mapped[datetime]
    extensions: Mapped[int] = mapped_column(default=0)
    holder_hash: Mapped[bytes | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("hold.id"), index=True)
    network_hash: Mapped[bytes | None]

    appointment: Mapped[Appointment] = relationship(lazy="raise", viewonly=True)


class Occupancy(HasId, Base):
    """The ledger of time: one row for each resource and span it is busy with. Only ``services.ledger`` writes it."""

    __tablename__ = "occupancy"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("ends_at <= starts_at + interval '24 hours'", name="at_most_a_day").ddl_if("postgresql"),
        CheckConstraint("julianday(ends_at) - julianday(starts_at) <= 1.0000001", name="at_most_a_day").ddl_if(
            "sqlite"
        ),
        ExcludeConstraint(
            (text("int8range(resource_id, resource_id, '[]')"), "&&"),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            name="ex_occupancy_no_overlap",
            using="gist",
        ).ddl_if("postgresql"),
        Index(None, "resource_id", "starts_at"),
        Index(None, "appointment_id"),
    )

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class BookingRequest(HasPublicId, Base):
    """A stranger's wish before their e-mail is proven. Becomes a client and a booking, or expires without trace."""

    __tablename__ = "booking_request"
    __table_args__ = (
        CheckConstraint("for_whom IN ('me', 'someone', 'us')", name="for_whom_known"),
        CheckConstraint("safe_contact IN ('email', 'text', 'call', 'none')", name="safe_contact_known"),
        CheckConstraint("code_attempts >= 0", name="code_attempts_not_negative"),
        Index(None, "expires_at"),
    )

    hold_id: Mapped[int] = mapped_column(ForeignKey("hold.id", ondelete="CASCADE"), unique=True)
    for_whom: Mapped[str]
    name: Mapped[str]
    other_name: Mapped[str] = mapped_column(default="")
    pronouns: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    phone: Mapped[str | None]
    safe_contact: Mapped[str]
    zone: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    code_hash: Mapped[bytes]
    code_attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    region: Mapped[str] = mapped_column(default="", server_default="")
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))

    hold: Mapped[Hold] = relationship(lazy="raise", viewonly=True)


class IdempotencyKey(Base):
    """The stored answer to a repeated request: written in the transaction whose effect it answers for."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "created_at"),)

    client: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
