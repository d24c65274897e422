"""Why each time of a day is offered or not, for staff: read from the ledger itself, not from what is remembered.

    day = explained_day(session, "individual", "bob", on, viewer="public", now=g.now)
    for verdict in day.verdicts:
        verdict.ways or verdict.reason.for_staff(day.zone)

``viewer`` is whose view is explained: staff ask why a *stranger* or a *client* is not offered a time. A reason may
carry an appointment's public id (``subject``); strangers get ``reason.for_strangers()`` and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import NotFound
from practice.domain.explaining import Question, Verdict, explain
from practice.domain.intervals import Span, instant, minute_floor
from practice.domain.needs import fitted
from practice.domain.rule_book import Audience, Modality, RuleBook, Service, Therapist
from practice.domain.slots import GroupSession
from practice.domain.weekly_hours import days_span
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Lead
from practice.queries.buffers import LONGEST_BUFFER, without
from practice.queries.busy import current_rules
from practice.queries.ledger import busy_rows, busy_times, load_around


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """Every start on the step of one day, in the therapist's zone, offered or with its reason."""

    service: Service
    therapist: Therapist
    zone: str
    verdicts: list[Verdict]


def explained_day(
    session: Session,
    service: str,
    therapist: str,
    on: date,
    *,
    viewer: Audience,
    now: datetime,
    asking: Asking = NOT_ASKING,
) -> ExplainedDay:
    """Explain every start of a date of a therapist (slugs). At most three statements.

    Raises NotFound where there is no such service or therapist.
    """
    rules = current_rules(session)
    asked, whom = rules.service_by_slug.get(service), rules.therapist_by_slug.get(therapist)
    if asked is None or whom is None:
        raise NotFound
    span = days_span(whom.zone, on, on)
    wanted = fitted(asked, asking.duration_minutes, asking.needs)
    (question,) = questions_about(session, rules, [wanted], [whom], span, viewer=viewer, now=now)
    return ExplainedDay(wanted, whom, whom.zone, explain(question.asked_by(asking), span))


def questions_about(
    session: Session,
    rules: RuleBook,
    services: Sequence[Service],
    therapists: Sequence[Therapist],
    span: Span,
    *,
    viewer: Audience,
    now: datetime,
    moving: int | None = None,
) -> list[Question]:
    """Return a question for each service with each therapist, ready to be asked about starts in ``span``.

    Services may be as somebody wants them (``fitted``); who will come is told to a question with ``asked_by``.
    ``moving`` is the id of an appointment whose own time does not stand in the way. One statement, whatever the number.
    """
    if not services or not therapists:
        return []
    places = {place for whom in therapists for place in rules.places_of(whom.id)} & rules.location_by_id.keys()
    rooms = [room.resource_id for place in sorted(places) for room in rules.location_by_id[place].rooms]
    start = span[0] - max(each.before_minutes for each in services)
    end = span[1] + max(each.duration_minutes + each.after_minutes for each in services)
    resources = [*(whom.resource_id for whom in therapists), *rooms]
    further = timedelta() if moving is None else LONGEST_BUFFER
    load = load_around(rules, therapists, span)
    _, times = busy_times(session, resources, instant(start) - further, instant(end) + further, load)
    busy = busy_rows(times if moving is None else without(session, times, moving))
    return [Question(rules, service, whom, busy, now, viewer) for service in services for whom in therapists]


def dates_between(session: Session, services: Sequence[Service], span: Span) -> list[tuple[str, GroupSession]]:
    """Return the dates of groups that start in ``span``, each with its public id, in order. One statement, or none."""
    groups = [each.id for each in services if each.kind == "group"]
    if not groups:
        return []
    rows = session.execute(
        select(
            Appointment.public_id,
            Appointment.id,
            Appointment.service_id,
            AppointmentTherapist.therapist_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.capacity,
            Appointment.places_taken,
            Appointment.modality,
            Appointment.location_id,
        )
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(
            AppointmentTherapist.part == Lead.LEAD,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.service_id.in_(groups),
            Appointment.starts_at >= instant(span[0]),
            Appointment.starts_at < instant(span[1]),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [
        (
            row.public_id,
            GroupSession(
                appointment_id=row.id,
                service_id=row.service_id,
                therapist_id=row.therapist_id,
                start=minute_floor(row.starts_at),
                end=minute_floor(row.ends_at),
                capacity=row.capacity,
                places_taken=row.places_taken,
                modality=cast("Modality", row.modality),
                location_id=row.location_id,
            ),
        )
        for row in rows
    ]
