"""One client's place in a session, as programs see it: in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import LIVE
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Attendance, Client, Service, Therapist
from practice.models import Lead as Part
from practice.queries.appointments import KEPT


@dataclass(frozen=True, slots=True)
class Place:
    """A place; ``public_id`` is the attendance's, because a group's session is many people's."""

    public_id: str
    appointment_id: str
    appointment_status: str
    attendance_status: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    modality: str
    location_id: int | None
    service_id: int
    service: str
    therapist_id: int
    therapist: str
    client: str

    @property
    def status(self) -> str:
        """Whether the client has the place: "booked", "requested" while it waits for an answer, or "cancelled"."""
        is_kept = self.appointment_status in KEPT and self.attendance_status in LIVE
        return self.appointment_status if is_kept else AppointmentStatus.CANCELLED


def place_by_public_id(session: Session, public_id: str) -> Place | None:
    """Return the place with this id, or None."""
    row: Sequence[Any] | None = session.connection().execute(_PLACE, {"public_id": public_id}).first()
    return None if row is None else Place(*row)


_PLACE = (
    select(
        Attendance.public_id,
        Appointment.public_id,
        Appointment.status,
        Attendance.status,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.zone,
        Appointment.modality,
        Appointment.location_id,
        Service.id,
        Service.slug,
        Therapist.id,
        Therapist.slug,
        Client.public_id,
    )
    .select_from(Attendance)
    .join(Appointment, Appointment.id == Attendance.appointment_id)
    .join(Service, Service.id == Appointment.service_id)
    .join(
        AppointmentTherapist,
        and_(AppointmentTherapist.appointment_id == Appointment.id, AppointmentTherapist.part == Part.LEAD),
    )
    .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
    .join(Client, Client.id == Attendance.client_id)
    .where(Attendance.public_id == bindparam("public_id"))
)
