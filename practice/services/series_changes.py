"""Changing a series from one of its sessions on: cancelling the rest, taking that back, or giving it another time.

Each client's place is given up by the policy that holds for that session alone. One message tells of all of them, three
minutes later where it can be undone. What was is not counted: only sessions that are still to come change.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import and_, case, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.lifecycle import ATTENDANCE, UNDO_FOR, Moment, actors_of, take
from practice.domain.permissions import Identity
from practice.domain.policy import cancellation
from practice.domain.rule_book import RuleBook
from practice.models import (
    Appointment,
    AppointmentStatus,
    Attendance,
    Decision,
    Practice,
    Series,
    SeriesClient,
)
from practice.queries.parties import parties
from practice.queries.practice import date_at, the_practice
from practice.queries.series import clients_of, open_places, resources_of_series, series_by_public_id
from practice.services import audit, ledger
from practice.services.series import (
    Answer,
    MadeSeries,
    add_sessions,
    be_staff,
    choose,
    new_series,
    tell_of_series,
)
from practice.services.series_plan import Pattern, plan_series, rooms_of


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    public_id: str
    original: datetime | None
    starts_at: datetime
    sequence: int


def cancel_from(
    session: Session,
    public_id: str,
    since: datetime | None,
    *,
    by: Identity,
    now: datetime,
    by_practice: bool,
) -> int:
    """Cancel the sessions of a series (a public id) that are still to come, from an original start on; None is all.

    The series ends there. Returns how many sessions were cancelled. Raises NotFound, or ImpossibleStep where none is
    left.
    """
    series, rows = _locked(session, public_id, since, now)
    if not rows:
        raise ImpossibleStep
    practice = the_practice(session)
    told = parties(session, clients_of(session, series.id), date_at(practice, now))
    _give_up(session, practice, series, rows, by=by, now=now, by_practice=by_practice)
    _end(session, series, rows, now)
    _close_decisions(session, series.id, rows[0].original, by=by, now=now)
    audit.record_all(
        session,
        "appointment.cancelled",
        by=by,
        now=now,
        subjects=[("appointment", row.public_id) for row in rows],
    )
    audit.record(session, "series.cancelled", by=by, now=now, subject=("series", public_id), sessions=len(rows))
    tell_of_series(session, "series_cancelled", public_id, told, now=now, wait=UNDO_FOR, cancelled_at=now.isoformat())
    return len(rows)


def move_from(
    session: Session,
    rules: RuleBook,
    public_id: str,
    since: datetime | None,
    pattern: Pattern,
    answers: Mapping[date, Answer],
    *,
    by: Identity,
    now: datetime,
) -> MadeSeries:
    """Give the sessions of a series that are still to come, from an original start on, another rule: ``pattern``.

    They become a series of their own, with a UID of its own, that follows the old one; the old one ends. The old times
    go back only if the new ones are won. Raises what ``cancel_from`` and ``repeat_appointment`` raise.
    """
    before = series_now(session, public_id)
    be_staff(by, before.therapist_id)
    practice = the_practice(session)
    told = parties(session, clients_of(session, before.id), date_at(practice, now))
    clients = [party.resource_id for party in told]
    therapist = rules.therapist_by_id.get(pattern.therapist_id)
    if therapist is None:
        raise NotFound
    wanted = [therapist.resource_id, *rooms_of(rules, pattern), *clients]
    before, rows = _locked(session, public_id, since, now, also=wanted)
    if not rows:
        raise ImpossibleStep
    ignoring = {row.id: row.starts_at for row in rows}
    plan = plan_series(session, rules, pattern, clients, now=now, ignoring=ignoring)
    chosen = choose(session, plan, answers)
    if not chosen:
        raise ValidationFailed("There is no date in this series. Choose a later end.")
    _give_up(session, practice, before, rows, by=by, now=now, by_practice=True)
    _end(session, before, rows, now)
    _close_decisions(session, before.id, rows[0].original, by=by, now=now)
    after = new_series(plan, answers, uid=str(uuid4()), sequence=0, now=now)
    after.follows_id = before.id
    session.add(after)
    session.flush()
    session.execute(insert(SeriesClient), [{"series_id": after.id, "client_id": party.id} for party in told])
    made = add_sessions(session, after, chosen, told, by=by, now=now)
    audit.record(session, "series.moved", by=by, now=now, subject=("series", public_id), to=after.public_id)
    tell_of_series(session, "series_moved", after.public_id, told, now=now)
    return MadeSeries(after.id, after.public_id, tuple(made))


def renumber(session: Session, series: Series, now: datetime) -> None:
    """Give a series whose rule changed the next number, and with it all of its sessions that take place.

    Those that are as the series says have its number; those that were changed keep a higher one.
    """
    number = series.sequence + 1
    as_made = and_(Appointment.starts_at == Appointment.original_starts_at, Appointment.sequence <= number)
    session.execute(
        update(Appointment)
        .where(Appointment.series_id == series.id, Appointment.status == AppointmentStatus.BOOKED)
        .values(sequence=case((as_made, number), else_=Appointment.sequence + 1), revised_at=now)
        .execution_options(synchronize_session=False)
    )
    series.sequence, series.revised_at = number, now
    session.flush()


def series_now(session: Session, public_id: str) -> Series:
    """Return a series as it is this moment. Raises NotFound."""
    found = series_by_public_id(session, public_id)
    if found is None:
        raise NotFound
    session.refresh(found)
    return found


def _locked(
    session: Session, public_id: str, since: datetime | None, now: datetime, *, also: Iterable[int] = ()
) -> tuple[Series, list[_Row]]:
    """Lock all that a series keeps busy, and return it with its sessions still to come as they are then."""
    series = series_now(session, public_id)
    ledger.lock(session, [*resources_of_series(session, series.id), *also])
    coming = (
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.original_starts_at,
            Appointment.starts_at,
            Appointment.sequence,
        )
        .where(
            Appointment.series_id == series.id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.original_starts_at)
    )
    if since is not None:
        coming = coming.where(Appointment.original_starts_at >= since)
    return series_now(session, public_id), [_Row(*row) for row in session.execute(coming)]


def _give_up(
    session: Session,
    practice: Practice,
    series: Series,
    rows: Sequence[_Row],
    *,
    by: Identity,
    now: datetime,
    by_practice: bool,
) -> None:
    """Note for each place what giving it up means: places that mean the same are written together."""
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for place in open_places(session, [row.id for row in rows]):
        terms = place.terms(practice.free_cancel_hours, practice.late_fee_cents)
        meaning = cancellation(place.starts_at, terms, now=now, by_practice=by_practice)
        who = actors_of(by, [place.client_id], [series.therapist_id])
        take(ATTENDANCE, place.status, meaning.status, who, Moment(now, place.starts_at))
        alike[meaning.status, meaning.late_fee_cents].append(place.id)
    for (status, fee), ids in alike.items():
        session.execute(
            update(Attendance)
            .where(Attendance.id.in_(ids))
            .values(status=status, late_fee_cents=fee, status_at=now)
            .execution_options(synchronize_session=False)
        )


def _end(session: Session, series: Series, rows: Sequence[_Row], now: datetime) -> None:
    ids = [row.id for row in rows]
    ledger.release(session, ids)
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(
            status=AppointmentStatus.CANCELLED,
            places_taken=0,
            sequence=Appointment.sequence + 1,
            cancelled_at=now,
            revised_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    series.ended_at = now
    renumber(session, series, now)


def _close_decisions(session: Session, series_id: int, since: datetime | None, *, by: Identity, now: datetime) -> None:
    """Close what was open about dates that the series does not have any more."""
    session.execute(
        update(Decision)
        .where(
            Decision.series_id == series_id,
            Decision.decided_at.is_(None),
            Decision.original_starts_at >= since,
        )
        .values(decided_at=now, decided_by=by.account_id, outcome="ended")
        .execution_options(synchronize_session=False)
    )
