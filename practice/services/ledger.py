"""The ledger of time: the only module that writes occupancy, and the locks that whoever writes it takes first.

The database forbids two overlapping rows for one resource, whatever this module does. The locks make writers of the
same resources come one after the other, so that the loser of a race is told so instead of waiting in a deadlock
(two inserters under a bare exclusion constraint wait for each other).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from practice.domain.buffers import Stretch, given_up, regrown, squeezed
from practice.models import Occupancy
from practice.models.base import Id
from practice.queries.buffers import beside, standing

LOCK = text(
    "SELECT count(pg_advisory_xact_lock(id)) FROM "
    "(SELECT id FROM unnest(:ids) AS wanted (id) ORDER BY id OFFSET 0) AS sorted"
).bindparams(bindparam("ids", type_=ARRAY(Id)))

_INSERT = insert(Occupancy.__table__)  # type: ignore[arg-type]


class Claim(NamedTuple):
    """A span that a resource will be busy with, buffers included."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime


def lock(session: Session, resource_ids: Iterable[int]) -> None:
    """Wait until nobody else changes the time of these resources; held to the end of the transaction.

    PostgreSQL takes advisory locks in the order of the ids. On SQLite the unit of work is the only writer already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(LOCK, {"ids": sorted(set(resource_ids))})


def claim(session: Session, appointment_id: int, claims: Collection[Claim]) -> None:
    """Write the appointment's rows. The database raises ``ex_occupancy_no_overlap`` where one overlaps another."""
    if claims:
        session.connection().execute(
            _INSERT,
            [{"appointment_id": appointment_id, **one._asdict()} for one in claims],
        )


def squeeze_in(session: Session, appointment_id: int, claims: Collection[Claim], core: Stretch) -> None:
    """Write the appointment's rows where staff let it stand close to others: buffers give way, sessions never do.

    ``core`` is the session alone. Its buffers, and those of the sessions beside it, are cut until none overlap; the
    database refuses as ever where sessions do. What had given way to a buffer that is cut now grows back.
    """
    fitted, freed = [], []
    for one in claims:
        whole = Stretch(one.starts_at, one.ends_at)
        others = standing(session, one.resource_id, *whole)
        span, cut = squeezed(core, whole, others)
        _put(session, cut)
        fitted.append(Claim(one.resource_id, *span))
        freed += [(one.resource_id, stretch) for stretch in given_up(others, cut)]
    claim(session, appointment_id, fitted)
    _grow_back(session, freed)


def claim_all(session: Session, claims: Mapping[int, Collection[Claim]]) -> None:
    """Write the rows of several appointments (ids) at once, as ``claim`` does for one."""
    rows = [{"appointment_id": number, **one._asdict()} for number, theirs in claims.items() for one in theirs]
    if rows:
        session.connection().execute(_INSERT, rows)


def release(session: Session, appointment_ids: Collection[int], resource_ids: Collection[int] | None = None) -> None:
    """Take away the rows of the appointments: all of them, or only those of ``resource_ids``.

    Buffers that had given way to them grow back as far as they can.
    """
    gone = delete(Occupancy).where(Occupancy.appointment_id.in_(appointment_ids))
    if resource_ids is not None:
        gone = gone.where(Occupancy.resource_id.in_(resource_ids))
    freed = session.connection().execute(gone.returning(Occupancy.resource_id, Occupancy.starts_at, Occupancy.ends_at))
    _grow_back(session, [(row[0], Stretch(row[1], row[2])) for row in freed])


def _grow_back(session: Session, freed: Sequence[tuple[int, Stretch]]) -> None:
    """Let the buffers beside time that is free now, given with its resource, grow back as far as they can."""
    for resource_id, one in beside(session, freed):
        span = regrown(one, standing(session, resource_id, *one.whole))
        _put(session, {one.id: span})


def _put(session: Session, spans: Mapping[int, Stretch]) -> None:
    for occupancy_id, (starts_at, ends_at) in spans.items():
        session.connection().execute(
            update(Occupancy).where(Occupancy.id == occupancy_id).values(starts_at=starts_at, ends_at=ends_at)
        )
