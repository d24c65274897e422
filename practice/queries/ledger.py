"""Who is busy when, read from the ledger itself: what a booking looks at under its locks."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from practice.domain.explaining import BusyKind, BusyRow
from practice.domain.intervals import Span, instant, outer_span
from practice.domain.rule_book import RuleBook, Therapist
from practice.domain.weekly_hours import date_of, days_span
from practice.models import Appointment, Hold, Occupancy, OutsideBusy, RuleBookRevision
from practice.models.base import UtcDateTime

LONGEST = timedelta(hours=24)  # the ledger's CHECK: no span is longer, so an overlap starts at most this much earlier
A_RUN = timedelta(days=2)  # however many sessions are in a row, nobody works longer than that without a break


class Load(NamedTuple):
    """The therapists whose load is guarded, and for how long around a session all that they do has to be known."""

    resource_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


class BusyTime(NamedTuple):
    """One span of one resource; ``starts_at`` to ``ends_at`` with buffers, ``core_*`` the session alone.

    ``held_until`` is set where a hold keeps it or a request waits for its answer; no appointment is set where an
    outside calendar keeps it. ``is_first``: the session is its client's first with the therapist.
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
    is_first: bool

    def is_expired(self, now: datetime) -> bool:
        """Whether only an ended hold, or a request that was not answered in time, keeps this time."""
        return self.status in ("held", "requested") and self.held_until is not None and self.held_until <= now


def load_around(
    rules: RuleBook, therapists: Iterable[Therapist], span: Span, *, may_be_first: bool = True
) -> Load | None:
    """Return what has to be known of those who have a load guard for starts in ``span``; None where nobody has.

    Only a session that may be a first one needs the whole week.
    """
    guarded = [whom for whom in therapists if whom.has_guard]
    if not guarded:
        return None
    first, last = instant(span[0]) - A_RUN, instant(span[1]) + A_RUN
    if may_be_first and any(whom.max_first_a_week is not None for whom in guarded):
        zone = rules.practice.zone
        monday, sunday = date_of(zone, span[0]), date_of(zone, span[1] - 1)
        monday, sunday = monday - timedelta(days=monday.weekday()), sunday + timedelta(days=6 - sunday.weekday())
        weeks = days_span(zone, monday, sunday)
        first, last = min(first, instant(weeks[0])), max(last, instant(weeks[1]))
    return Load(tuple(whom.resource_id for whom in guarded), first, last)


def busy_times(
    session: Session,
    resource_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    load: Load | None = None,
) -> tuple[str, list[BusyTime]]:
    """Return the rule book's revision, and what ``resource_ids`` are busy with between two instants. One statement.

    Those of ``load`` are told of for as long as it says, and need not be among ``resource_ids``.
    """
    asked = {"ids": list(resource_ids), "first": starts_at - LONGEST, "starts_at": starts_at, "ends_at": ends_at}
    if load is not None:
        asked |= {
            "ids": [each for each in resource_ids if each not in load.resource_ids],
            "load_ids": list(load.resource_ids),
            "load_first": load.starts_at - LONGEST,
            "load_starts_at": load.starts_at,
            "load_ends_at": load.ends_at,
        }
    rows = session.connection().execute(_STATEMENT if load is None else _WITH_LOAD, asked)
    token, times = "", []
    for row in rows:
        token = row[0]
        if row[1] is not None:
            times.append(BusyTime(*row[1:]))
    return token, times


def busy_rows(times: Iterable[BusyTime]) -> list[BusyRow]:
    """Return the ledger's rows as the explanation takes them, each minute that they touch being busy."""
    kinds: dict[str, BusyKind] = {"held": "held", "requested": "held", "outside": "outside"}
    return [
        BusyRow(
            resource_id=time.resource_id,
            span=outer_span(time.starts_at, time.ends_at),
            core=outer_span(time.core_starts_at, time.core_ends_at),
            kind=kinds.get(time.status, "booked"),
            held_until=time.held_until,
            subject="" if time.status == "held" else time.public_id or "",  # what is held has no page yet
            is_first=bool(time.is_first),
        )
        for time in times
    ]


def _statement(*names: str) -> Select[*tuple[Any, ...]]:
    """Return the statement about groups of resources, each with a span of its own: their parameters' prefixes."""
    parts = [part for name in names for part in (_ledger(name), _outside(name))]
    busy = union_all(*parts).subquery()
    return select(RuleBookRevision.token, busy).select_from(RuleBookRevision).outerjoin(busy, literal(value=True))


def _ledger(name: str) -> Select[*tuple[Any, ...]]:
    ids: BindParameter[list[int]] = bindparam(f"{name}ids", expanding=True)
    answer_by = case((Appointment.status == "requested", Appointment.answer_by))
    return (
        select(
            Occupancy.resource_id,
            Occupancy.starts_at,
            Occupancy.ends_at,
            Appointment.starts_at.label("core_starts_at"),
            Appointment.ends_at.label("core_ends_at"),
            Appointment.id.label("appointment_id"),
            Appointment.public_id,
            Appointment.status,
            func.coalesce(Hold.held_until, answer_by, type_=UtcDateTime).label("held_until"),
            Appointment.is_first,
        )
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .outerjoin(Hold, and_(Hold.appointment_id == Appointment.id, Appointment.status == "held"))
        .where(
            Occupancy.resource_id.in_(ids),
            Occupancy.starts_at > bindparam(f"{name}first", type_=UtcDateTime),
            Occupancy.starts_at < bindparam(f"{name}ends_at", type_=UtcDateTime),
            Occupancy.ends_at > bindparam(f"{name}starts_at", type_=UtcDateTime),
        )
    )


def _outside(name: str) -> Select[*tuple[Any, ...]]:
    """Return what outside calendars say, in the columns of the ledger."""
    ids: BindParameter[list[int]] = bindparam(f"{name}ids", expanding=True)
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
        literal(value=False),
    ).where(
        OutsideBusy.resource_id.in_(ids),
        OutsideBusy.starts_at < bindparam(f"{name}ends_at", type_=UtcDateTime),
        OutsideBusy.ends_at > bindparam(f"{name}starts_at", type_=UtcDateTime),
    )


_STATEMENT = _statement("")
_WITH_LOAD = _statement("", "load_")
