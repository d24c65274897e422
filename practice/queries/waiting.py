"""Whether there is anything for the worker to do: read before it asks for the database's one writing turn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from practice.models import Appointment, AuditEvent, Decision, Hold, OutboxMessage
from practice.queries.minimums import no_question_any_more, too_few_now


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits."""

    messages: bool
    holds: bool
    events: bool
    minimums: bool
    decisions: bool


def what_waits(session: Session, now: datetime) -> Waiting:
    """Return what is due by ``now``. One statement."""
    messages = exists().where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.given_up_at.is_(None),
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now),
    )
    holds = exists().where(Hold.held_until <= now)
    events = exists().where(AuditEvent.link.is_(None))
    minimums = or_(
        exists().where(Appointment.id.is_not(None), too_few_now(now)),
        exists().where(no_question_any_more(now)),
    )
    decisions = exists().where(Decision.decided_at.is_(None), Decision.due_at <= now)
    row = session.execute(select(messages, holds, events, minimums, decisions)).one()
    return Waiting(*map(bool, row))
