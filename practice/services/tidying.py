"""Forgets what was only needed for a while."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from practice.models import IdempotencyKey
from practice.services.calls import forget_old_calls
from practice.services.links import forget_old_links
from practice.services.outbox import forget_old_messages
from practice.services.sessions import forget_ended_sessions
from practice.services.throttle import forget_old_tries

KEYS_KEPT = timedelta(days=2)


def tidy(session: Session, *, now: datetime) -> None:
    """Delete old tries, sessions, links, stored answers, sent messages and the numbers of those who were called."""
    forget_old_tries(session, now=now)
    forget_ended_sessions(session, now=now)
    forget_old_links(session, now=now)
    forget_old_messages(session, now=now)
    forget_old_calls(session, now=now)
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEYS_KEPT))
