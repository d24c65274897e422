"""Two who come together: who has not said yet whether they may be written to, and what their link shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from practice.domain.errors import LinkEnded
from practice.domain.lifecycle import LIVE
from practice.domain.tokens import hash_token
from practice.models import (
    Appointment,
    AppointmentStatus,
    Attendance,
    Client,
    ClientAccess,
    OneTimeToken,
    Service,
    ServiceKind,
    TokenPurpose,
)
from practice.queries.appointments import appointment_by_public_id

BOOKED = (AppointmentStatus.BOOKED, AppointmentStatus.REQUESTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose agreement is waited for: the client, their place, and the appointment that it is in."""

    client_id: int
    client: str
    name: str
    attendance: str
    appointment: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks: of whom, about which appointment; ``email`` is the address that it was mailed to, or ""."""

    token_id: int
    client: Client
    appointment: Appointment | None
    email: str


def waiting_in(session: Session, appointment: str) -> Waiting | None:
    """Return whose agreement is waited for in an appointment (a public id) that takes place, or None."""
    row = session.execute(
        select(Client.id, Client.public_id, Client.name, Attendance.public_id, Appointment.public_id)
        .join(Attendance, Attendance.client_id == Client.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(
            Appointment.public_id == appointment,
            Appointment.status.in_(BOOKED),
            Attendance.status.in_(LIVE),
            Client.awaits_agreement,
            Client.erased_at.is_(None),
        )
        .order_by(Attendance.id)
    ).first()
    return None if row is None else Waiting(*row)


def coming_place_of(session: Session, client_id: int, now: datetime) -> Waiting | None:
    """Return the next place of a client whose agreement is waited for, or None."""
    row = session.execute(
        select(Client.id, Client.public_id, Client.name, Attendance.public_id, Appointment.public_id)
        .join(Attendance, Attendance.client_id == Client.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(
            Client.id == client_id,
            Client.awaits_agreement,
            Client.erased_at.is_(None),
            Appointment.status.in_(BOOKED),
            Attendance.status.in_(LIVE),
            Appointment.ends_at > now,
        )
        .order_by(Appointment.starts_at, Attendance.id)
    ).first()
    return None if row is None else Waiting(*row)


def asked_by(session: Session, token: str, *, now: datetime, is_mailed: bool = False) -> Asked:
    """Return what a partner's link asks. Raises LinkEnded where it is unknown, used, too old, or answered by now."""
    row = session.scalars(
        select(OneTimeToken).where(
            OneTimeToken.token_hash == hash_token(token),
            OneTimeToken.purpose == TokenPurpose.PARTNER,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
    ).one_or_none()
    if row is None or bool(row.payload.get("email")) != is_mailed:
        raise LinkEnded
    client = session.scalars(
        select(Client).where(
            Client.public_id == row.payload["client"], Client.erased_at.is_(None), Client.awaits_agreement
        )
    ).one_or_none()
    if client is None:
        raise LinkEnded
    appointment = appointment_by_public_id(session, str(row.payload.get("appointment", "")))
    return Asked(row.id, client, appointment, str(row.payload.get("email", "")))


def came_together(session: Session, client_ids: Collection[int]) -> Sequence[Client]:
    """Return with whom the clients have come to a session for two, or booked one, by name: but not each other."""
    own, other = aliased(Attendance), aliased(Attendance)
    together = (
        select(other.client_id)
        .join(own, own.appointment_id == other.appointment_id)
        .join(Appointment, Appointment.id == own.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Service.kind.in_((ServiceKind.COUPLE, ServiceKind.CONSULTATION)),
            own.client_id.in_(client_ids),
            other.client_id.not_in(client_ids),
            Appointment.status == AppointmentStatus.BOOKED,
            own.status.in_(LIVE),
            other.status.in_(LIVE),
        )
    )
    return session.scalars(
        select(Client)
        .where(Client.id.in_(together), Client.erased_at.is_(None), Client.archived_at.is_(None))
        .order_by(Client.name, Client.id)
    ).all()


def is_acted_for(session: Session, client_id: int) -> bool:
    """Whether any account acts, or acted, for a client."""
    return bool(session.scalar(select(exists().where(ClientAccess.client_id == client_id))))
