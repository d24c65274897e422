"""Times that a booked session can move to: its own time does not stand in its way."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.intervals import outer_span, without
from practice.domain.rule_book import Audience
from practice.models import Appointment, Occupancy
from practice.queries.slots import Times, times_of


def times_to_move(session: Session, appointment: Appointment, *, viewer: Audience, now: datetime) -> Times:
    """Return the open times of a session's service with the same therapist, as they were if it were not booked.

    Its service and its therapists must be loaded. Raises NotFound where the viewer sees no such service or therapist.
    One statement more than ``times_of``.
    """
    times = times_of(session, appointment.service.slug, appointment.lead.slug, viewer=viewer, now=now)
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
