"""A time that is kept for somebody, with all that the steps of booking say of it: one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from practice.models import (
    Appointment,
    AppointmentTherapist,
    BookingRequest,
    Hold,
    Lead,
    Location,
    Service,
    Therapist,
)


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A held time; ``request_id`` and ``email`` are those of the request that waits on it, or None."""

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


def held_time(session: Session, public_id: str, holder_hash: bytes) -> HeldTime | None:
    """Return the time that a holder keeps, or None where it went back or is somebody else's."""
    row = session.execute(_HELD, {"hold": public_id, "holder": holder_hash}).one_or_none()
    return HeldTime(*row) if row else None


def held_for_token(session: Session, token_hash: bytes) -> HeldTime | None:
    """Return the time that the request with this mailed link waits on, or None."""
    row = session.execute(_FOR_TOKEN, {"token": token_hash}).one_or_none()
    return HeldTime(*row) if row else None


def _statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Hold.id, Hold.public_id, Hold.held_until, Hold.extensions, Hold.places, Appointment.starts_at,
            Appointment.ends_at, Appointment.zone, Appointment.modality, Appointment.price_cents, Service.slug,
            Service.name, Service.kind, Service.what_to_expect, Therapist.slug, Therapist.name, Location.name,
            Location.address, BookingRequest.public_id, BookingRequest.email,
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
