"""Making a series from a session that is booked: all of its dates in one transaction, and one message about all.

What conflicts is decided date by date by whoever makes it: leave the date out, take another time, or stop there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken, ValidationFailed
from practice.domain.intervals import minute_floor, outer_span, overlaps
from practice.domain.lifecycle import LIVE, Actor, actors_of
from practice.domain.permissions import Identity
from practice.domain.policy import fee_of
from practice.domain.rule_book import RuleBook
from practice.domain.series import MOST_DATES
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Lead,
    Series,
    SeriesClient,
    Service,
)
from practice.models.base import new_public_id
from practice.queries.parties import Party, attending
from practice.queries.practice import date_at, the_practice
from practice.services import audit, estimates, holds, ledger, notices
from practice.services.finding import Found, claims_of
from practice.services.ledger import Claim
from practice.services.series_plan import Pattern, Plan, Planned, plan_series, rooms_of

# What can be done about a date that cannot be: leave it out, end the series before it, or (an instant) another time.
Answer = Literal["skip", "stop"] | datetime
REPEATABLE: Final = ("individual", "couple")
TAKEN: Final = "Something has changed on these dates in the meantime. Please look at them once more."


@dataclass(frozen=True, slots=True)
class Chosen:
    """One session to be made: its original start, and where it is."""

    original: datetime
    found: Found


@dataclass(frozen=True, slots=True)
class MadeSeries:
    """A series that was made, with the public ids of the appointments that were made for it, in order."""

    id: int
    public_id: str
    appointments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _First:
    id: int
    uid: str
    sequence: int
    status: str
    series_id: int | None
    kind: str
    starts_at: datetime


def repeat_appointment(
    session: Session,
    rules: RuleBook,
    public_id: str,
    pattern: Pattern,
    answers: Mapping[date, Answer],
    *,
    by: Identity,
    now: datetime,
) -> MadeSeries:
    """Make a booked session the first of a series, and make the others as ``pattern`` says and ``answers`` decide.

    Its calendar entry becomes the series' entry: they have one UID. Raises NotFound, ImpossibleStep (cancelled, a
    group's date, or in a series already), ValidationFailed (nothing to repeat), and SlotTaken where a date cannot be
    and nothing was decided about it.
    """
    be_staff(by, pattern.therapist_id)
    first, told = _locked(session, rules, public_id, pattern, now)
    clients = [party.resource_id for party in told]
    plan = plan_series(session, rules, pattern, clients, now=now, after=pattern.rule.starts_on)
    chosen = choose(session, plan, answers)
    if not chosen:
        raise ValidationFailed("There is no other date in this series. Choose a later end.")
    row = new_series(plan, answers, uid=first.uid, sequence=first.sequence + 1, now=now)
    session.add(row)
    session.flush()
    session.execute(insert(SeriesClient), [{"series_id": row.id, "client_id": party.id} for party in told])
    session.execute(
        update(Appointment)
        .where(Appointment.id == first.id)
        .values(series_id=row.id, original_starts_at=Appointment.starts_at, sequence=row.sequence, revised_at=now)
    )
    made = add_sessions(session, row, chosen, told, by=by, now=now)
    audit.record(session, "series.made", by=by, now=now, subject=("series", row.public_id), sessions=len(made) + 1)
    tell_of_series(session, "series_booked", row.public_id, told, now=now)
    if plan.rules.practice.gives_estimates:
        estimates.fall_due_for_series(session, row.id, first.id, [party.id for party in told], now=now)
    return MadeSeries(row.id, row.public_id, tuple(made))


def _locked(
    session: Session, rules: RuleBook, public_id: str, pattern: Pattern, now: datetime
) -> tuple[_First, list[Party]]:
    """Lock all that a series would take, and return its first session and who comes to it, as they are then."""
    first = _first(session, public_id)
    told = attending(session, first.id, LIVE, date_at(the_practice(session), now))
    therapist = rules.therapist_by_id.get(pattern.therapist_id)
    if therapist is None:
        raise NotFound
    ledger.lock(session, [therapist.resource_id, *rooms_of(rules, pattern), *(party.resource_id for party in told)])
    first = _first(session, public_id)
    if first.status != AppointmentStatus.BOOKED or first.series_id is not None or first.kind not in REPEATABLE:
        raise ImpossibleStep
    if pattern.rule.date_of(first.starts_at) != pattern.rule.starts_on:
        raise ImpossibleStep
    if _who_comes(session, first.id) != {party.id for party in told}:  # somebody left while we waited
        raise ImpossibleStep
    return first, told


def _who_comes(session: Session, appointment_id: int) -> set[int]:
    """Return the ids of the clients who have a place in a session."""
    rows = select(Attendance.client_id).where(Attendance.appointment_id == appointment_id, Attendance.status.in_(LIVE))
    return set(session.scalars(rows))


def be_staff(by: Identity, therapist_id: int) -> None:
    """Raise NotFound for everybody but the desk, the therapist whose sessions it is about, and the worker."""
    if actors_of(by, (), [therapist_id]).isdisjoint({Actor.DESK, Actor.THERAPIST, Actor.WORKER}):
        raise NotFound


def new_series(plan: Plan, answers: Mapping[date, Answer], *, uid: str, sequence: int, now: datetime) -> Series:
    """Return the row of a planned series, not yet added; one that stops at a date ends the day before."""
    rule, pattern = plan.pattern.rule, plan.pattern
    stop = min((on for on, answer in answers.items() if answer == "stop"), default=None)
    if stop is not None:
        rule = replace(rule, ends_on=stop - timedelta(days=1), times=None)
    last = max((each.on for each in plan.dates if stop is None or each.on < stop), default=rule.starts_on)
    return Series(
        uid=uid,
        zone=rule.zone,
        every_weeks=rule.every_weeks,
        starts_on=rule.starts_on,
        ends_on=rule.ends_on,
        times=rule.times,
        service_id=plan.service.id,
        therapist_id=plan.therapist.id,
        modality=pattern.modality,
        location_id=pattern.location_id,
        start_minute=rule.start_minute,
        duration_minutes=pattern.duration_minutes,
        skips_closures=pattern.skips_closures,
        filled_until=plan.until if rule.is_open_ended else last,
        sequence=sequence,
        created_at=now,
        revised_at=now,
    )


def choose(session: Session, plan: Plan, answers: Mapping[date, Answer]) -> list[Chosen]:
    """Return the sessions that a plan and the answers to its conflicts make; holds that ended make way.

    Raises SlotTaken where a date, or the other time that was chosen for it, cannot be; ValidationFailed for too many.
    """
    chosen: list[Chosen] = []
    for each in plan.planned:
        answer = answers.get(each.on)
        if answer == "stop":
            break
        if answer == "skip" or each.is_closed:
            continue
        found = _found(plan, each, answer)
        if any(overlaps(outer_span(found.starts_at, found.ends_at), _span(other)) for other in chosen):
            raise SlotTaken(TAKEN, on=each.on.isoformat())
        chosen.append(Chosen(each.starts_at, found))
    if len(chosen) > MOST_DATES:
        raise ValidationFailed(f"A series has at most {MOST_DATES} sessions. Choose an earlier end.")
    _release_ended(session, plan, chosen)
    return chosen


def _found(plan: Plan, each: Planned, answer: Answer | None) -> Found:
    found = plan.find(minute_floor(answer)) if isinstance(answer, datetime) else each.found
    if not isinstance(found, Found):
        raise SlotTaken(TAKEN, on=each.on.isoformat())
    return found


def _span(one: Chosen) -> tuple[int, int]:
    return outer_span(one.found.starts_at, one.found.ends_at)


def _release_ended(session: Session, plan: Plan, chosen: Iterable[Chosen]) -> None:
    """Release the holds that ended and lie where a session will be."""
    claims = [claim for one in chosen for claim in claims_of(one.found)]
    ended = {
        time.appointment_id
        for time in plan.times
        if time.appointment_id is not None and time.is_expired(plan.now)
        for claim in claims
        if claim.resource_id == time.resource_id and time.starts_at < claim.ends_at and claim.starts_at < time.ends_at
    }
    holds.remove_expired(session, ended, plan.now)


def add_sessions(
    session: Session, series: Series, chosen: Sequence[Chosen], parties: Sequence[Party], *, by: Identity, now: datetime
) -> list[str]:
    """Write sessions of a series with their people, time and history, in bulk. Returns their public ids, in order."""
    if not chosen:
        return []
    rows = [_appointment(series, one, len(parties), now) for one in chosen]
    connection = session.connection()
    added = connection.execute(_INSERT_APPOINTMENTS, rows)
    ids = {public_id: number for number, public_id in added}
    placed = [(ids[row["public_id"]], one) for row, one in zip(rows, chosen, strict=True)]
    connection.execute(
        _INSERT_LEADS,
        [
            {"appointment_id": number, "therapist_id": one.found.therapist.id, "part": Lead.LEAD}
            for number, one in placed
        ],
    )
    connection.execute(
        _INSERT_ATTENDANCES,
        [_attendance(number, one, party, now) for number, one in placed for party in parties],
    )
    ledger.claim_all(session, {number: _claims(one, parties) for number, one in placed})
    made = [str(row["public_id"]) for row in rows]
    audit.record_all(session, "appointment.booked", by=by, now=now, subjects=[("appointment", each) for each in made])
    return made


_INSERT_APPOINTMENTS = insert(Appointment.__table__).returning(Appointment.id, Appointment.public_id)  # type: ignore[arg-type]
_INSERT_LEADS = insert(AppointmentTherapist.__table__)  # type: ignore[arg-type]
_INSERT_ATTENDANCES = insert(Attendance.__table__)  # type: ignore[arg-type]


def _appointment(series: Series, one: Chosen, places: int, now: datetime) -> dict[str, Any]:
    found = one.found
    return {
        "public_id": new_public_id(),
        "uid": str(uuid4()),
        # A session that is as the series says has the series' number; one at another time has a number of its own.
        "sequence": series.sequence + (found.starts_at != one.original),
        "status": AppointmentStatus.BOOKED,
        "service_id": found.service.id,
        "modality": found.modality,
        "location_id": found.location_id,
        "room_id": found.room.id if found.room else None,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "zone": found.zone,
        "before_minutes": found.service.before_minutes,
        "after_minutes": found.service.after_minutes,
        "capacity": max(places, found.service.capacity),
        "places_taken": places,
        "price_cents": found.price_cents,
        "is_first": found.is_first,
        "series_id": series.id,
        "original_starts_at": one.original,
        "created_at": now,
        "revised_at": now,
    }


def _attendance(appointment_id: int, one: Chosen, party: Party, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "appointment_id": appointment_id,
        "client_id": party.id,
        "status": AttendanceStatus.BOOKED,
        "fee_cents": fee_of(one.found.service.kind, one.found.price_cents, party.agreed_fee_cents),
        "created_at": now,
        "status_at": now,
    }


def _claims(one: Chosen, parties: Sequence[Party]) -> list[Claim]:
    found = one.found
    return [*claims_of(found), *(Claim(party.resource_id, found.starts_at, found.ends_at) for party in parties)]


def tell_of_series(
    session: Session,
    template: str,
    series: str,
    parties: Iterable[Party],
    *,
    now: datetime,
    wait: timedelta = timedelta(),
    **more: str,
) -> None:
    """Post one message about a whole series (a public id) to everybody whom the parties chose, ``wait`` from now."""
    rows = [
        notices.message(template, to, now=now, client_id=party.id, series=series, client=party.public_id, **more)
        | {"due_at": now + wait}
        for party in parties
        for to in party.recipients
    ]
    notices.post_all(session, rows)


def _first(session: Session, public_id: str) -> _First:
    row = session.execute(
        select(
            Appointment.id,
            Appointment.uid,
            Appointment.sequence,
            Appointment.status,
            Appointment.series_id,
            Service.kind,
            Appointment.starts_at,
        )
        .join(Service, Service.id == Appointment.service_id)
        .where(Appointment.public_id == public_id)
    ).one_or_none()
    if row is None or row.status == AppointmentStatus.HELD:
        raise NotFound
    return _First(*row)
