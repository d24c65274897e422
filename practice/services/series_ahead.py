"""Open-ended series go on: the worker makes their sessions some weeks ahead, and puts what conflicts to the therapist.

A date is made once: ``filled_until`` moves on in the same transaction, under the same locks. A date that cannot be is
never dropped: it is a decision that waits until somebody makes it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken, ValidationFailed
from practice.domain.intervals import instant, minute_floor
from practice.domain.needs import NO_NEEDS, Needs
from practice.domain.permissions import SYSTEM, Identity
from practice.domain.reasons import Code
from practice.domain.rule_book import Modality, RuleBook
from practice.domain.series import last_date, occurrences
from practice.domain.weekly_hours import date_of
from practice.models import Appointment, Client, Decision, DecisionKind, Series
from practice.queries.parties import Party, parties
from practice.queries.practice import date_at, the_practice
from practice.queries.rule_book import read_rule_book
from practice.queries.series import clients_of, rule_of
from practice.services import audit, ledger, notices
from practice.services.decisions import Matter, put
from practice.services.finding import Found
from practice.services.needs import circumstances_of
from practice.services.series import Chosen, add_sessions, choose
from practice.services.series_changes import cancel_from
from practice.services.series_plan import Pattern, Plan, plan_series, rooms_of


def pattern_of(series: Series, *, room_id: int | None = None, needs: Needs = NO_NEEDS) -> Pattern:
    """Return what a series repeats, for people with these needs."""
    modality: Modality = "online" if series.location_id is None else "in_person"
    return Pattern(
        rule=rule_of(series),
        service_id=series.service_id,
        therapist_id=series.therapist_id,
        modality=modality,
        location_id=series.location_id,
        duration_minutes=series.duration_minutes,
        skips_closures=series.skips_closures,
        room_id=room_id,
        needs=needs,
    )


def extend_series(session: Session, series_id: int, *, vault: Vault | None = None, now: datetime) -> int:
    """Make the sessions of an open-ended series that are due, and write a decision for each date that cannot be.

    ``vault`` opens what its people need. Returns how many sessions were made. What is made already stays as it is,
    however often this runs.
    """
    rules = read_rule_book(session)
    seen = session.get_one(Series, series_id)
    told = parties(session, clients_of(session, series_id), date_at(the_practice(session), now))
    ids, clients = [party.id for party in told], [party.resource_id for party in told]
    needs = circumstances_of(session, ids, vault).needs if vault else NO_NEEDS
    pattern = pattern_of(seen, room_id=_last_room(session, series_id), needs=needs)
    therapist = rules.therapist_by_id.get(seen.therapist_id)
    ledger.lock(session, [*([therapist.resource_id] if therapist else []), *rooms_of(rules, pattern), *clients])
    series = session.get_one(Series, series_id, populate_existing=True)
    if series.ended_at is not None or not rule_of(series).is_open_ended:
        return 0
    if not told:  # nobody comes any more
        series.ended_at = now
        session.flush()
        return 0
    made = _fill(session, series, rules, pattern, told, now)
    session.flush()
    return made


def _fill(session: Session, series: Series, rules: RuleBook, pattern: Pattern, told: list[Party], now: datetime) -> int:
    zone, rule = series.zone, pattern.rule
    until = last_date(rule, date_of(zone, minute_floor(now)))
    try:
        plan = plan_series(
            session, rules, pattern, [party.resource_id for party in told], now=now, after=series.filled_until
        )
    except NotFound:  # the service or the therapist is not there any more: each date is for somebody to decide
        dates = occurrences(rule, series.duration_minutes, until, after=series.filled_until)
        _ask(session, series, [(instant(each.start), Code.NOT_OFFERED_BY_THERAPIST) for each in dates], now)
        series.filled_until = until
        return 0
    cannot = [(each.starts_at, each.reason.code) for each in plan.planned if each.reason is not None]
    chosen = choose(session, plan, {each.on: "skip" for each in plan.planned if each.reason is not None})
    made = add_sessions(session, series, chosen, told, by=SYSTEM, now=now)
    _ask(session, series, cannot, now)
    series.filled_until = until
    if made:
        series.revised_at = now
        audit.record(
            session, "series.extended", by=SYSTEM, now=now, subject=("series", series.public_id), sessions=len(made)
        )
    return len(made)


def _ask(session: Session, series: Series, dates: Iterable[tuple[datetime, Code]], now: datetime) -> None:
    """Put each date that cannot be to the therapist; nothing happens by itself."""
    for original, code in dates:
        matter = Matter(
            DecisionKind.SERIES,
            series.therapist_id,
            series_id=series.id,
            original_starts_at=original,
            code=code.value,
        )
        put(session, matter, by=SYSTEM, now=now)


def _last_room(session: Session, series_id: int) -> int | None:
    return session.scalar(
        select(Appointment.room_id)
        .where(Appointment.series_id == series_id)
        .order_by(Appointment.original_starts_at.desc())
        .limit(1)
    )


def plan_around(session: Session, rules: RuleBook, series: Series, original: datetime, *, now: datetime) -> Plan:
    """Return a plan that knows who is busy around one date of a series, to find other times for it.

    Raises NotFound where the rule book holds its service or therapist no more.
    """
    on = rule_of(series).date_of(original)
    if on is None:
        raise NotFound
    clients = session.scalars(select(Client.resource_id).where(Client.id.in_(clients_of(session, series.id)))).all()
    pattern = pattern_of(series, room_id=_last_room(session, series.id))
    return plan_series(session, rules, pattern, clients, now=now, after=on - timedelta(days=1), until=on)


def leave_out(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Leave a date out that a series could not have: the series goes on without it."""
    del choice
    series, _ = _about(session, decision)
    audit.record(session, "series.date_left_out", by=by, now=now, subject=("series", series.public_id))


def choose_another(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Give a date of a series another time: ``choice`` is its epoch minute. Whoever chose e-mail is told.

    Raises ValidationFailed where none was chosen, and SlotTaken where it has been taken.
    """
    if not choice.isascii() or not choice.isdigit():
        raise ValidationFailed("Choose another time.")
    series, original = _about(session, decision)
    rules = read_rule_book(session)
    _make_instead(session, rules, series, original, int(choice), by=by, now=now)


def end_before(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """End a series before one of its dates: what was made after it is cancelled, at no cost to anybody."""
    del choice
    series, original = _about(session, decision)
    try:
        cancel_from(session, series.public_id, original, by=by, now=now, by_practice=True)
    except ImpossibleStep:  # nothing was made after it
        series.ended_at = now
        session.flush()


def _about(session: Session, decision: Decision) -> tuple[Series, datetime]:
    if decision.series_id is None or decision.original_starts_at is None:
        raise NotFound
    return session.get_one(Series, decision.series_id, populate_existing=True), decision.original_starts_at


def _make_instead(
    session: Session, rules: RuleBook, series: Series, original: datetime, start: int, *, by: Identity, now: datetime
) -> None:
    told = parties(session, clients_of(session, series.id), date_at(the_practice(session), now))
    pattern = pattern_of(series)
    therapist = rules.therapist_by_id.get(series.therapist_id)
    if therapist is None or not told:
        raise ImpossibleStep
    clients = [party.resource_id for party in told]
    ledger.lock(session, [therapist.resource_id, *rooms_of(rules, pattern), *clients])
    if session.scalar(_at(series, original)) is not None:
        raise ImpossibleStep
    found = plan_around(session, rules, series, original, now=now).find(start)
    if not isinstance(found, Found):
        raise SlotTaken
    (made,) = add_sessions(session, series, [Chosen(original, found)], told, by=by, now=now)
    notices.tell(session, "booked", made, told, now=now)


def _at(series: Series, original: datetime) -> Select[int]:
    return select(Appointment.id).where(Appointment.series_id == series.id, Appointment.original_starts_at == original)
