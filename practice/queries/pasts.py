"""What clients have had and have booked already, as far as rules ask for it.

    past = past_of(session, [client.resource_id], service_id, now=g.now)
    times_of(session, "individual", None, viewer="clients", now=g.now, asking=Asking(past=past))

A session counts while it stands: booked, or asked for and not yet past the time for an answer; not cancelled. Who did
not come has not met their therapist, but that week was theirs.

A session is the *first* of a client with a therapist where none that stands, with the same therapist, starts before it.
``appointment.is_first`` says so as it was when the session was booked or last moved: a later cancellation does not
change it. Of two who come together it is the first where it is for one of them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import Session

from practice.domain.asking import Past
from practice.domain.lifecycle import LIVE
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Client,
    Lead,
    Service,
    ServiceKind,
)
from practice.models.base import UtcDateTime
from practice.queries.expressions import all_words, id_list, is_among, minute_down, words
from practice.queries.hot import HotStatement


def past_of(
    session: Session, resource_ids: Collection[int], service_id: int, *, now: datetime, without: Collection[int] = ()
) -> Past:
    """Return what clients, given by their resources, have had and booked.

    ``without`` are appointments to leave out. One statement. Of nobody it is nothing.
    """
    ids, left_out = id_list(sorted(resource_ids)), id_list(sorted(without))
    rows = _PAST.rows_in(session.connection(), ids=ids, without=left_out, service=service_id, now=now)
    return together(rows)


def past_of_clients(
    session: Session, client_ids: Collection[int], service_id: int, *, now: datetime, without: Collection[int] = ()
) -> Past:
    """Return the same of clients given by their own ids. Two statements."""
    known = session.scalars(select(Client.resource_id).where(Client.id.in_(client_ids))).all()
    return past_of(session, known, service_id, now=now, without=without)


def together(rows: Iterable[Sequence[Any]]) -> Past:
    """Return the past of all clients in the rows as one, as rules look at people who come together."""
    met: dict[int, dict[int, int]] = {}
    starts: dict[int, tuple[int, ...]] = {}
    consulted, regions = [], set()
    for client, region, therapist, met_at, consulted_at, text in rows:
        theirs = met.setdefault(client, {})
        if met_at is not None:
            theirs[therapist] = met_at
        if consulted_at is not None:
            consulted.append(consulted_at)
        starts[client] = (*starts.get(client, ()), *map(int, (text or "").split()))
        regions |= {region} - {""}
    all_met = set.intersection(*map(set, met.values())) if met else set()
    latest = ((therapist, max(theirs[therapist] for theirs in met.values())) for therapist in all_met)
    return Past(frozenset(latest), min(consulted, default=None), tuple(starts.values()), frozenset(regions))


def _stands() -> ColumnElement[bool]:
    """Whether an appointment stands."""
    waits = and_(
        Appointment.status == AppointmentStatus.REQUESTED,
        or_(Appointment.answer_by.is_(None), Appointment.answer_by > bindparam("now", type_=UtcDateTime)),
    )
    return or_(Appointment.status == AppointmentStatus.BOOKED, waits)


def _statement() -> Select[*tuple[Any, ...]]:
    start = minute_down(Appointment.starts_at)
    is_live = or_(*(Attendance.status == status for status in LIVE))
    left_out = is_among(Appointment.id, bindparam("without", type_=Text))
    came = Attendance.status != AttendanceStatus.NO_SHOW
    is_consultation = and_(came, Service.kind == ServiceKind.CONSULTATION)
    met_at = func.min(case((came, start)))
    consulted_at = func.min(case((or_(is_consultation, Attendance.status == AttendanceStatus.COMPLETED), start)))
    of_service = all_words(case((Appointment.service_id == bindparam("service", type_=Integer), words(start))))
    return (
        select(Client.id, Client.region, AppointmentTherapist.therapist_id, met_at, consulted_at, of_service)
        .outerjoin(Attendance, and_(Attendance.client_id == Client.id, is_live))
        .outerjoin(
            Appointment,
            and_(Appointment.id == Attendance.appointment_id, not_(left_out), _stands()),
        )
        .outerjoin(
            AppointmentTherapist,
            and_(AppointmentTherapist.appointment_id == Appointment.id, AppointmentTherapist.part == Lead.LEAD),
        )
        .outerjoin(Service, Service.id == Appointment.service_id)
        .where(is_among(Client.resource_id, bindparam("ids", type_=Text)))
        .group_by(Client.id, Client.region, AppointmentTherapist.therapist_id)
    )


_PAST = HotStatement(_statement())
