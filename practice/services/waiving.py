"""Waiving a late fee: for a reason, which is sealed under the client's own key; and noting it after all."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.lifecycle import ATTENDANCE, Moment, take
from practice.domain.permissions import Identity
from practice.models import Appointment, Attendance, Client
from practice.services import audit
from practice.services.standing import actors

# What an attendance holds of a late cancellation, as it is where there was none.
NO_FEE: Final[dict[str, Any]] = {
    "late_fee_cents": None,
    "fee_waived_at": None,
    "fee_waived_by": None,
    "waive_reason_sealed": None,
}


def waive_fee(session: Session, public_id: str, reason: str, *, vault: Vault, by: Identity, now: datetime) -> bool:
    """Waive a late fee. Returns False where it is waived already: the first reason stays.

    Raises NotFound, and ImpossibleStep where nothing was cancelled late.
    """
    place, client, _ = _locked(session, public_id, "waive", by, now)
    if place.fee_waived_at is not None:
        return False
    if not place.late_fee_cents or client.wrapped_key is None:
        raise ImpossibleStep("There is no fee that could be waived.")
    place.fee_waived_at, place.fee_waived_by = now, by.account_id
    place.waive_reason_sealed = vault.seal(client.wrapped_key, "attendance", public_id, "waive_reason", reason)
    session.flush()
    audit.record(session, "attendance.fee_waived", by=by, now=now, subject=("attendance", public_id))
    return True


def take_waiver_back(session: Session, public_id: str, *, by: Identity, now: datetime) -> bool:
    """Note a waived fee after all. Returns False where none is waived. Raises NotFound or ImpossibleStep."""
    place, _, _ = _locked(session, public_id, "do not waive", by, now)
    if place.fee_waived_at is None:
        return False
    place.fee_waived_at = place.fee_waived_by = place.waive_reason_sealed = None
    session.flush()
    audit.record(session, "attendance.waiver_taken_back", by=by, now=now, subject=("attendance", public_id))
    return True


def reason_of(place: Attendance, vault: Vault) -> str:
    """Return why a fee was waived, "" where it was not or the client was erased. Its client must be loaded."""
    if place.waive_reason_sealed is None or place.client.wrapped_key is None:
        return ""
    return vault.open(
        place.client.wrapped_key, "attendance", place.public_id, "waive_reason", place.waive_reason_sealed
    )


def _locked(
    session: Session, public_id: str, step: str, by: Identity, now: datetime
) -> tuple[Attendance, Client, Appointment]:
    found = session.execute(
        select(Attendance, Client, Appointment)
        .join(Client, Client.id == Attendance.client_id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.public_id == public_id)
        .with_for_update(of=Attendance)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    place, client, appointment = found
    who, moment = actors(session, by, appointment.id), Moment(now, appointment.starts_at)
    take(ATTENDANCE, place.status, "late_cancelled", who, moment, name=step)
    return place, client, appointment
