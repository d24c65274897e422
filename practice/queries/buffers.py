"""How sessions stand beside each other in the ledger: what buffers give way to, and where they can grow back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from practice.domain.buffers import Standing, Stretch, regrown
from practice.models import Appointment, Occupancy, Resource, ResourceKind
from practice.queries.ledger import LONGEST, BusyTime

ASKED_AT_ONCE = 100
LONGEST_BUFFER = timedelta(minutes=240)


def standing(session: Session, resource_id: int, starts_at: datetime, ends_at: datetime) -> list[Standing]:
    """Return what one resource is busy with between two instants, by time. One statement."""
    rows = session.connection().execute(
        _rows()
        .where(
            Occupancy.resource_id == resource_id,
            Occupancy.starts_at > starts_at - LONGEST,
            Occupancy.starts_at < ends_at,
            Occupancy.ends_at > starts_at,
        )
        .order_by(Occupancy.starts_at)
    )
    return [_standing(row) for row in rows]


def beside(session: Session, freed: Sequence[tuple[int, Stretch]]) -> list[tuple[int, Standing]]:
    """Return the sessions, each after its resource, whose buffers had given way to one of these spans, by time.

    A buffer that gave way ends where what it gave way to begins, so only what touches is looked at. One statement for
    a hundred spans.
    """
    found = set()
    for first in range(0, len(freed), ASKED_AT_ONCE):
        some = freed[first : first + ASKED_AT_ONCE]
        for row in session.connection().execute(_rows().where(or_(*(_touches(*each) for each in some)))):
            one = _standing(row)
            if one.span != one.whole:
                found.add((row.resource_id, one))
    return sorted(found, key=lambda pair: (pair[1].span, pair[0]))


def without(session: Session, times: Sequence[BusyTime], appointment_id: int) -> list[BusyTime]:
    """Return busy times as they are once an appointment has given its own back, and buffers beside it have grown.

    ``times`` reach as far as the longest buffer beyond what they are read for. One statement, and another for each
    buffer that had given way to it.
    """
    own = [time for time in times if time.appointment_id == appointment_id]
    rest = [time for time in times if time.appointment_id != appointment_id]
    for resource_id, one in beside(
        session, [(time.resource_id, Stretch(time.starts_at, time.ends_at)) for time in own]
    ):
        gone = [Stretch(time.starts_at, time.ends_at) for time in own if time.resource_id == resource_id]
        others = [other for other in standing(session, resource_id, *one.whole) if other.span not in gone]
        span = regrown(one, others)
        rest = [
            time._replace(starts_at=span.starts_at, ends_at=span.ends_at)
            if (time.resource_id, time.starts_at, time.ends_at) == (resource_id, *one.span)
            else time
            for time in rest
        ]
    return rest


def _touches(resource_id: int, span: Stretch) -> Any:
    return and_(
        Occupancy.resource_id == resource_id,
        Occupancy.starts_at > span.starts_at - LONGEST,
        Occupancy.starts_at <= span.ends_at,
        or_(Occupancy.ends_at == span.starts_at, Occupancy.starts_at == span.ends_at),
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Occupancy.id,
            Occupancy.resource_id,
            Occupancy.starts_at,
            Occupancy.ends_at,
            Appointment.starts_at.label("core_starts_at"),
            Appointment.ends_at.label("core_ends_at"),
            Appointment.before_minutes,
            Appointment.after_minutes,
            Resource.kind,
        )
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .join(Resource, Resource.id == Occupancy.resource_id)
    )


def _standing(row: Row[Any]) -> Standing:
    """A client is busy with the session alone."""
    core = whole = Stretch(row.core_starts_at, row.core_ends_at)
    if row.kind != ResourceKind.CLIENT:
        before, after = (timedelta(minutes=minutes) for minutes in (row.before_minutes, row.after_minutes))
        whole = Stretch(core.starts_at - before, core.ends_at + after)
    return Standing(row.id, Stretch(row.starts_at, row.ends_at), core, whole)
