"""What a message tells of, read when it is written: nothing but when, where and with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from practice.models import ServiceKind
from practice.queries.appointments import appointment_by_public_id


@dataclass(frozen=True, slots=True)
class SessionTold:
    """An appointment as a message tells of it; ``place`` is empty online.

    ``attendance`` is the public id of the place that the message is about, or empty where it is about nobody's.
    """

    public_id: str
    attendance: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    therapist: str
    place: str
    address: str
    directions: str
    is_online: bool
    is_group: bool


def told_of(session: Session, context: Mapping[str, Any]) -> SessionTold | None:
    """Return the appointment that a message's context names, or None where it names none."""
    public_id = context.get("appointment")
    found = appointment_by_public_id(session, public_id) if public_id else None
    if found is None:
        return None
    place = found.location
    of_client = [each.public_id for each in found.attendances if each.client.public_id == context.get("client")]
    return SessionTold(
        public_id=found.public_id,
        attendance=next(iter(of_client), ""),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        zone=found.zone,
        therapist=found.lead.name,
        place=place.name if place else "",
        address=place.address if place else "",
        directions=place.directions if place else "",
        is_online=place is None,
        is_group=found.service.kind == ServiceKind.GROUP,
    )
