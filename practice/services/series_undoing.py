"""Taking back that a series was cancelled: within a few minutes, and before anybody has been told.

The times are claimed again through the ledger: whoever took one of them meanwhile keeps it, and nothing is taken back.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, SlotTaken
from practice.domain.lifecycle import GIVEN_UP, UNDO_FOR
from practice.domain.permissions import Identity
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Client,
    Decision,
    Room,
    Series,
    Therapist,
)
from practice.queries.ledger import busy_times
from practice.queries.series import clients_of
from practice.services import audit, holds, ledger, outbox
from practice.services.ledger import Claim
from practice.services.series import be_staff
from practice.services.series_changes import renumber, series_now
from practice.services.waiving import NO_FEE

TOLD: Final = "The message about it has gone out, so this cannot be undone any more. The times can be booked again."
GONE: Final = "Somebody else has one of these times now. The others can be booked again."


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    starts_at: datetime
    ends_at: datetime
    before_minutes: int
    after_minutes: int
    room: int | None


def undo_cancellation(session: Session, public_id: str, *, by: Identity, now: datetime) -> int:
    """Take back that a series was cancelled from a session on: all that this cancelled is booked again.

    Returns how many sessions; none where it is undone already. A client can only take back their own cancellation.
    Raises NotFound, ImpossibleStep (too late, or told already) or SlotTaken where somebody else has one of the times.
    """
    series = series_now(session, public_id)
    claims = _claims(session, _cancelled(session, series))
    ledger.lock(session, [one.resource_id for theirs in claims.values() for one in theirs])
    series = series_now(session, public_id)
    ended_at = series.ended_at
    if ended_at is None:
        return 0
    if now >= ended_at + UNDO_FOR:
        raise ImpossibleStep(TOLD)
    if not by.books_for.issuperset(clients_of(session, series.id)):
        be_staff(by, series.therapist_id)
    elif not by.is_staff and _was_the_practice(session, series):
        raise ImpossibleStep
    if not outbox.withdraw(session, "series_cancelled", public_id, posted_at=ended_at, about="series"):
        raise ImpossibleStep(TOLD)
    claims = _claims(session, _cancelled(session, series))
    _be_free(session, claims, now)
    _revive(session, list(claims), ended_at, now)
    ledger.claim_all(session, claims)
    session.execute(
        update(Decision)
        .where(Decision.series_id == series.id, Decision.decided_at == ended_at, Decision.outcome == "ended")
        .values(decided_at=None, decided_by=None, outcome="")
    )
    series.ended_at = None
    renumber(session, series, now)
    audit.record(
        session, "series.cancellation_undone", by=by, now=now, subject=("series", public_id), sessions=len(claims)
    )
    return len(claims)


def _cancelled(session: Session, series: Series) -> list[_Row]:
    """Return the sessions that ending the series cancelled."""
    rows = session.execute(
        select(
            Appointment.id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.before_minutes,
            Appointment.after_minutes,
            Room.resource_id,
        )
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(Appointment.series_id == series.id, Appointment.cancelled_at == series.ended_at)
        .order_by(Appointment.starts_at)
    )
    return [_Row(*row) for row in rows]


def _claims(session: Session, rows: Sequence[_Row]) -> dict[int, list[Claim]]:
    """Return what each session was busy with: therapists and room with the buffers, clients without."""
    ids = [row.id for row in rows]
    therapists = _by_appointment(
        session,
        select(AppointmentTherapist.appointment_id, Therapist.resource_id)
        .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
        .where(AppointmentTherapist.appointment_id.in_(ids)),
    )
    clients = _by_appointment(
        session,
        select(Attendance.appointment_id, Client.resource_id)
        .join(Client, Client.id == Attendance.client_id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Attendance.appointment_id.in_(ids), Attendance.status_at == Appointment.cancelled_at),
    )
    claims: dict[int, list[Claim]] = {}
    for row in rows:
        first = row.starts_at - timedelta(minutes=row.before_minutes)
        last = row.ends_at + timedelta(minutes=row.after_minutes)
        places = [*therapists.get(row.id, ()), *([row.room] if row.room else [])]
        claims[row.id] = [
            *(Claim(resource, first, last) for resource in places),
            *(Claim(resource, row.starts_at, row.ends_at) for resource in clients.get(row.id, ())),
        ]
    return claims


def _by_appointment(session: Session, wanted: Select[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for appointment_id, resource_id in session.execute(wanted):
        found[appointment_id].append(resource_id)
    return found


def _was_the_practice(session: Session, series: Series) -> bool:
    """Whether the practice cancelled it, and not the client."""
    by_practice = select(Attendance.id).join(Appointment, Appointment.id == Attendance.appointment_id)
    return (
        session.scalar(
            by_practice.where(
                Appointment.series_id == series.id,
                Appointment.cancelled_at == series.ended_at,
                Attendance.status == AttendanceStatus.CANCELLED_BY_PRACTICE,
            ).limit(1)
        )
        is not None
    )


def _be_free(session: Session, claims: dict[int, list[Claim]], now: datetime) -> None:
    """Raise SlotTaken where one of the times is taken. Holds that ended are released on the way."""
    wanted = [one for theirs in claims.values() for one in theirs]
    if not wanted:
        return
    first, last = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
    _, times = busy_times(session, {one.resource_id for one in wanted}, first, last)
    hits = [
        time
        for time in times
        for one in wanted
        if time.resource_id == one.resource_id and time.starts_at < one.ends_at and one.starts_at < time.ends_at
    ]
    ended = {time.appointment_id for time in hits if time.is_expired(now) and time.appointment_id}
    holds.remove_expired(session, ended, now)
    # What an outside calendar says was no reason to end the series, so it is none against its return.
    if any(time.appointment_id and time.appointment_id not in ended for time in hits):
        raise SlotTaken(GONE)


def _revive(session: Session, ids: Sequence[int], cancelled_at: datetime, now: datetime) -> None:
    session.execute(
        update(Attendance)
        .where(
            Attendance.appointment_id.in_(ids), Attendance.status.in_(GIVEN_UP), Attendance.status_at == cancelled_at
        )
        .values(status=AttendanceStatus.BOOKED, status_at=now, **NO_FEE)
        .execution_options(synchronize_session=False)
    )
    seats = (
        select(func.count())
        .where(Attendance.appointment_id == Appointment.id, Attendance.status == AttendanceStatus.BOOKED)
        .correlate(Appointment)
        .scalar_subquery()
    )
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(
            status=AppointmentStatus.BOOKED,
            places_taken=seats,
            cancelled_at=None,
            revised_at=now,
        )
        .execution_options(synchronize_session=False)
    )
