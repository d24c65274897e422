"""Times that a booked session can move to: its own time does not stand in its way."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.intervals import MINUTE, outer_span, without
from practice.domain.needs import as_it_was
from practice.domain.rule_book import Audience, RuleBook
from practice.models import Appointment, Occupancy
from practice.queries.busy import known_rules
from practice.queries.slots import Times, times_of


def times_to_move(
    session: Session, appointment: Appointment, *, viewer: Audience, now: datetime, asking: Asking = NOT_ASKING
) -> Times:
    """Return the open times of a session's service with the same therapist, as they were if it were not booked.

    It stays as long as it is. ``asking`` says what is known of who comes: what they need of a room, where they will be,
    and their past without this session. Its service and its therapists must be loaded. Raises NotFound where the viewer
    sees no such service or therapist. One statement more than ``times_of``.
    """
    asking = _as_long(known_rules(session), appointment, asking)
    times = times_of(session, appointment.service.slug, appointment.lead.slug, viewer=viewer, now=now, asking=asking)
    rows = session.execute(
        select(Occupancy.resource_id, Occupancy.starts_at, Occupancy.ends_at).where(
            Occupancy.appointment_id == appointment.id
        )
    )
    openings = times.openings
    own = {row[0]: outer_span(row[1], row[2]) for row in rows if row[0] in openings.busy}
    freed = {each: without(openings.busy[each], [span]) for each, span in own.items()}
    met = {
        each: [meeting for meeting in openings.meetings[each] if meeting.span != span]
        for each, span in own.items()
        if each in openings.meetings
    }
    return replace(times, openings=openings.with_busy(freed, met))


def _as_long(rules: RuleBook, appointment: Appointment, asking: Asking) -> Asking:
    service = rules.service_by_id.get(appointment.service_id)
    if service is None or service.kind == "group":
        return asking
    minutes = (appointment.ends_at - appointment.starts_at) // MINUTE
    kept = as_it_was(rules, service, minutes, lead=appointment.lead.id, price_cents=appointment.price_cents)
    needs = replace(asking.needs, extra_minutes=kept.extra_minutes)
    return asking._replace(duration_minutes=kept.length_minutes, needs=needs)
