"""Why each time of a day is offered or not, for staff: read from the ledger itself, not from what is remembered.

    day = explained_day(session, "individual", "bob", on, viewer="public", now=g.now)
    for verdict in day.verdicts:
        verdict.ways or verdict.reason.for_staff(day.zone)

``viewer`` is whose view is explained: staff ask why a *stranger* or a *client* is not offered a time. A reason may
carry an appointment's public id (``subject``); strangers get ``reason.for_strangers()`` and nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.explaining import Question, Verdict, explain
from practice.domain.intervals import instant
from practice.domain.rule_book import Audience, Service, Therapist
from practice.domain.weekly_hours import days_span
from practice.queries.busy import current_rules
from practice.queries.ledger import busy_rows, busy_times


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """Every start on the step of one day, in the therapist's zone, offered or with its reason."""

    service: Service
    therapist: Therapist
    zone: str
    verdicts: list[Verdict]


def explained_day(
    session: Session, service: str, therapist: str, on: date, *, viewer: Audience, now: datetime
) -> ExplainedDay:
    """Explain every start of a date of a therapist (slugs). At most three statements.

    Raises NotFound where there is no such service or therapist.
    """
    rules = current_rules(session)
    asked, whom = rules.service_by_slug.get(service), rules.therapist_by_slug.get(therapist)
    if asked is None or whom is None:
        raise NotFound
    span = days_span(whom.zone, on, on)
    places = (rules.location_by_id[place] for place in rules.places_of(whom.id) if place in rules.location_by_id)
    rooms = [room.resource_id for place in places for room in place.rooms]
    start, end = span[0] - asked.before_minutes, span[1] + asked.duration_minutes + asked.after_minutes
    _, times = busy_times(session, [whom.resource_id, *rooms], instant(start), instant(end))
    question = Question(rules, asked, whom, busy_rows(times), now, viewer)
    return ExplainedDay(asked, whom, whom.zone, explain(question, span))
