"""A time that is kept for somebody, with all that the steps of booking say of it: one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from practice.domain.lifecycle import LIVE
from practice.models import (
    Appointment,
    AppointmentTherapist,
    Attendance,
    BookingRequest,
    Hold,
    Lead,
    Location,
    Service,
    ServiceKind,
    Therapist,
)
from practice.queries.appointments import KEPT


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A held time; ``request_id`` and ``email`` are those of the request that waits on it, or None.

    Of a course, it is the first date, and ``more`` are held with it.
    """

    id: int
    public_id: str
    held_until: datetime
    extensions: int
    places: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    modality: str
    price_cents: int
    service: str
    service_name: str
    kind: str
    what_to_expect: str
    therapist: str
    therapist_name: str
    location: str | None
    address: str | None
    request_id: str | None
    email: str | None
    needs_approval: bool
    more: int = 0


def held_time(session: Session, public_id: str, holder_hash: bytes) -> HeldTime | None:
    """Return the time that a holder keeps, or None where it went back or is somebody else's."""
    row = session.execute(_HELD, {"hold": public_id, "holder": holder_hash}).one_or_none()
    return HeldTime(*row) if row else None


def held_for_token(session: Session, token_hash: bytes) -> HeldTime | None:
    """Return the time that the request with this mailed link waits on, or None."""
    row = session.execute(_FOR_TOKEN, {"token": token_hash}).one_or_none()
    return HeldTime(*row) if row else None


def kept_already(
    session: Session, holder_hash: bytes, service_id: int, therapist_id: int, starts_at: datetime
) -> tuple[str, str] | None:
    """Return the hold and the appointment (public ids) where a holder keeps this very time, or None."""
    row = session.execute(
        select(Hold.public_id, Appointment.public_id)
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(
            Hold.holder_hash == holder_hash,
            Appointment.service_id == service_id,
            Appointment.starts_at == starts_at,
            AppointmentTherapist.therapist_id == therapist_id,
            AppointmentTherapist.part == Lead.LEAD,
        )
        .order_by(Hold.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def became_booking(session: Session, appointment_id: str, client_ids: Collection[int]) -> bool:
    """Whether a held appointment (a public id) was booked, or asked for, from its hold.

    A held session is booked by nobody else: when its hold ends, it is no more. A group's date is there before and
    after, so there it has to be one of these clients who has a place.
    """
    has_place = exists().where(
        Attendance.appointment_id == Appointment.id, Attendance.client_id.in_(client_ids), Attendance.status.in_(LIVE)
    )
    found = session.scalar(
        select(Appointment.id)
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Appointment.public_id == appointment_id,
            Appointment.status.in_(KEPT),
            or_(Service.kind != ServiceKind.GROUP, has_place),
        )
    )
    return found is not None


def _statement() -> Select[*tuple[Any, ...]]:
    also = aliased(Hold)
    more = select(func.count(also.id)).where(also.parent_id == Hold.id).correlate(Hold).scalar_subquery()
    return (
        select(
            Hold.id, Hold.public_id, Hold.held_until, Hold.extensions, Hold.places, Appointment.starts_at,
            Appointment.ends_at, Appointment.zone, Appointment.modality, Appointment.price_cents, Service.slug,
            Service.name, Service.kind, Service.what_to_expect, Therapist.slug, Therapist.name, Location.name,
            Location.address, BookingRequest.public_id, BookingRequest.email, Service.needs_approval, more,
        )
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .join(
            AppointmentTherapist,
            and_(AppointmentTherapist.appointment_id == Appointment.id, AppointmentTherapist.part == Lead.LEAD),
        )
        .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
        .outerjoin(Location, Location.id == Appointment.location_id)
        .outerjoin(BookingRequest, BookingRequest.hold_id == Hold.id)
    )  # fmt: skip


_HELD = _statement().where(Hold.public_id == bindparam("hold"), Hold.holder_hash == bindparam("holder"))
_FOR_TOKEN = _statement().where(BookingRequest.token_hash == bindparam("token"))
