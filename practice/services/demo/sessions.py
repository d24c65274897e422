"""Rows of the demo practice's appointments, and the ledger's rows exactly as booking them would have left them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from practice.domain.intervals import instant
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    Lead,
    Occupancy,
    ServiceKind,
)
from practice.services.demo.batch import Batch
from practice.services.demo.calendar import LIVE, Session
from practice.services.demo.catalogue import PRACTICE
from practice.services.demo.groups import group_columns
from practice.services.demo.house import SERVICE_ID, room_resource
from practice.services.demo.plan import Plan
from practice.services.demo.practice import Team
from practice.services.demo.series import make_series, repeated_sessions, series_columns

APPOINTMENT = (
    "id", "public_id", "uid", "sequence", "status", "service_id", "modality", "location_id", "room_id", "starts_at",
    "ends_at", "zone", "before_minutes", "after_minutes", "capacity", "places_taken", "price_cents",
    "created_at", "revised_at", "cancelled_at", "course_id", "minimum", "decide_at", "below_minimum",
    "answer_by", "series_id", "original_starts_at",
)  # fmt: skip
ATTENDANCE = (
    "id", "public_id", "appointment_id", "client_id", "status", "fee_cents", "late_fee_cents", "created_at",
    "status_at",
)  # fmt: skip


def make_appointments(plan: Plan, team: Team, sessions: Sequence[Session]) -> list[Batch]:
    """Return the rows of the sessions: appointments, who leads them, who attends them, and the ledger's."""
    therapists: list[tuple[Any, ...]] = []
    attendances: list[tuple[Any, ...]] = []
    occupancy: list[tuple[Any, ...]] = []
    for number, session in enumerate(sessions, 1):
        therapists.append((number, session.therapist + 1, Lead.LEAD.value))
        if session.co_lead is not None:
            therapists.append((number, session.co_lead + 1, Lead.CO_LEAD.value))
        for client, status in session.seats:
            attendances.append(_attendance(plan, len(attendances) + 1, number, session, client, status))
        if session.is_live:
            occupancy.extend((number, *row) for row in _busy(team, session))
    repeated = repeated_sessions(team, sessions)
    rows = [
        (*_appointment(plan, number, session), *series_columns(repeated, session, number - 1))
        for number, session in enumerate(sessions, 1)
    ]
    tables: list[Any] = [Appointment.__table__, AppointmentTherapist.__table__, Attendance.__table__]
    return [
        *make_series(plan, repeated),
        Batch(tables[0], APPOINTMENT, rows),
        Batch(tables[1], ("appointment_id", "therapist_id", "part"), therapists),
        Batch(tables[2], ATTENDANCE, attendances),
        Batch(Occupancy.__table__, ("appointment_id", "resource_id", "starts_at", "ends_at"), occupancy),  # type: ignore[arg-type]
    ]


def _busy(team: Team, session: Session) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield what is busy: therapists and room with the buffers, clients from start to end."""
    whole, core = tuple(map(instant, session.busy)), (instant(session.start), instant(session.end))
    for therapist in (session.therapist, session.co_lead):
        if therapist is not None:
            yield therapist + 1, whole[0], whole[1]
    if session.room is not None:
        yield room_resource(team, session.room), whole[0], whole[1]
    for client, _ in session.live_seats:
        yield room_resource(team, len(team.rooms)) + client, core[0], core[1]


def _agreed_at(plan: Plan, session: Session) -> datetime:
    return min(instant(session.start) - timedelta(days=21), plan.now - timedelta(days=1))


def _changed_at(plan: Plan, session: Session, status: str) -> datetime:
    """Return when a place came to stand as it does; nothing has happened after this morning."""
    start = instant(session.start)
    if status in ("completed", "no_show"):
        return instant(session.end)
    if status == "booked":
        return _agreed_at(plan, session)
    before = timedelta(hours=5) if status == "late_cancelled" else timedelta(days=3)
    return min(start - before, plan.now - timedelta(hours=16))


def _appointment(plan: Plan, number: int, session: Session) -> tuple[Any, ...]:
    service, is_group = session.service, session.service.kind == ServiceKind.GROUP
    agreed_at = plan.now - timedelta(days=90) if is_group else _agreed_at(plan, session)
    changed = [_changed_at(plan, session, status) for _, status in session.seats]
    return (
        number,
        plan.public_id("appointment", number),
        plan.uid("appointment", number),
        0 if session.is_live else 1,
        _status(session).value,
        SERVICE_ID[service.slug],
        "online" if session.place is None else "in_person",
        None if session.place is None else session.place + 1,
        None if session.room is None else session.room + 1,
        instant(session.start),
        instant(session.end),
        session.zone,
        service.before,
        service.after,
        service.capacity,
        len(session.live_seats),
        service.price_cents,
        agreed_at,
        max([agreed_at, *changed]),
        None if session.is_live else max(changed),
        *group_columns(plan, session),
        session.answer_by,
    )


def _status(session: Session) -> AppointmentStatus:
    if session.answer_by is not None:
        return AppointmentStatus.REQUESTED
    return AppointmentStatus.BOOKED if session.is_live else AppointmentStatus.CANCELLED


def _attendance(
    plan: Plan, number: int, appointment: int, session: Session, client: int, status: str
) -> tuple[Any, ...]:
    return (
        number,
        plan.public_id("attendance", number),
        appointment,
        client + 1,
        status,
        session.service.price_cents if status in LIVE else 0,
        PRACTICE["late_fee_cents"] if status == "late_cancelled" else None,
        _agreed_at(plan, session),
        _changed_at(plan, session, status),
    )
