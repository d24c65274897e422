"""Who is busy when, read from the ledger itself: what a booking looks at under its locks."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, Select, Text, and_, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from practice.domain.explaining import BusyKind, BusyRow
from practice.domain.intervals import outer_span
from practice.models import Appointment, Hold, Occupancy, OutsideBusy, RuleBookRevision
from practice.models.base import UtcDateTime

LONGEST = timedelta(hours=24)  # the ledger's CHECK: no span is longer, so an overlap starts at most this much earlier


class BusyTime(NamedTuple):
    """One span of one resource; ``starts_at`` to ``ends_at`` with buffers, ``core_*`` the session alone.

    ``hold_id`` and ``held_until`` are set where a hold keeps it, and no appointment where an outside calendar does.
    """

    resource_id: int
    starts_at: datetime
    ends_at: datetime
    core_starts_at: datetime
    core_ends_at: datetime
    appointment_id: int | None
    public_id: str | None
    status: str
    held_until: datetime | None

    def is_expired(self, now: datetime) -> bool:
        """Whether only an ended hold keeps this time."""
        return self.status == "held" and self.held_until is not None and self.held_until <= now


def busy_times(
    session: Session, resource_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> tuple[str, list[BusyTime]]:
    """Return the rule book's revision, and what ``resource_ids`` are busy with between two instants. One statement."""
    rows = session.connection().execute(
        _STATEMENT,
        {"ids": list(resource_ids), "first": starts_at - LONGEST, "starts_at": starts_at, "ends_at": ends_at},
    )
    token, times = "", []
    for row in rows:
        token = row[0]
        if row[1] is not None:
            times.append(BusyTime(*row[1:]))
    return token, times


def busy_rows(times: Iterable[BusyTime]) -> list[BusyRow]:
    """Return the ledger's rows as the explanation takes them, each minute that they touch being busy."""
    kinds: dict[str, BusyKind] = {"held": "held", "outside": "outside"}
    return [
        BusyRow(
            resource_id=time.resource_id,
            span=outer_span(time.starts_at, time.ends_at),
            core=outer_span(time.core_starts_at, time.core_ends_at),
            kind=kinds.get(time.status, "booked"),
            held_until=time.held_until,
            subject="" if time.status == "held" else time.public_id or "",  # what is held has no page yet
        )
        for time in times
    ]


def _statement() -> Select[*tuple[Any, ...]]:
    ids: BindParameter[list[int]] = bindparam("ids", expanding=True)
    starts_at, ends_at = bindparam("starts_at", type_=UtcDateTime), bindparam("ends_at", type_=UtcDateTime)
    ledger = (
        select(
            Occupancy.resource_id,
            Occupancy.starts_at,
            Occupancy.ends_at,
            Appointment.starts_at.label("core_starts_at"),
            Appointment.ends_at.label("core_ends_at"),
            Appointment.id.label("appointment_id"),
            Appointment.public_id,
            Appointment.status,
            Hold.held_until,
        )
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .outerjoin(Hold, and_(Hold.appointment_id == Appointment.id, Appointment.status == "held"))
        .where(
            Occupancy.resource_id.in_(ids),
            Occupancy.starts_at > bindparam("first", type_=UtcDateTime),
            Occupancy.starts_at < ends_at,
            Occupancy.ends_at > starts_at,
        )
    )
    busy = union_all(ledger, _outside(ids, starts_at, ends_at)).subquery()
    return select(RuleBookRevision.token, busy).select_from(RuleBookRevision).outerjoin(busy, literal(value=True))


def _outside(ids: Any, starts_at: Any, ends_at: Any) -> Select[*tuple[Any, ...]]:
    """Return what outside calendars say, in the columns of the ledger."""
    return select(
        OutsideBusy.resource_id,
        OutsideBusy.starts_at,
        OutsideBusy.ends_at,
        OutsideBusy.starts_at,
        OutsideBusy.ends_at,
        null().cast(Integer),
        null().cast(Text),
        literal("outside", Text),
        null().cast(UtcDateTime),
    ).where(OutsideBusy.resource_id.in_(ids), OutsideBusy.starts_at < ends_at, OutsideBusy.ends_at > starts_at)


_STATEMENT = _statement()
