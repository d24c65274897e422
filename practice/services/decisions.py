"""What is put to a therapist: asking, and noting what was decided. What follows from it is in ``services.deciding``."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.models import Account, Decision, DecisionKind, OutboxMessage, Therapist
from practice.services import audit, notices


@dataclass(frozen=True, slots=True)
class Matter:
    """What a question to a therapist is about: an appointment, or a date of a series; ``code`` is why it is asked.

    At ``due_at`` its kind's default happens; None waits for ever.
    """

    kind: DecisionKind
    therapist_id: int
    appointment_id: int | None = None
    series_id: int | None = None
    original_starts_at: datetime | None = None
    code: str = ""
    due_at: datetime | None = None


def put(session: Session, matter: Matter, *, by: Identity, now: datetime, wait: timedelta = timedelta()) -> str:
    """Ask the therapist, tell them by mail, ``wait`` from now, and return the question's public id.

    Asked again while it is open, it stays one question.
    """
    same = select(Decision.public_id).where(
        Decision.kind == matter.kind,
        Decision.therapist_id == matter.therapist_id,
        Decision.appointment_id.is_not_distinct_from(matter.appointment_id),
        Decision.series_id.is_not_distinct_from(matter.series_id),
        Decision.original_starts_at.is_not_distinct_from(matter.original_starts_at),
        Decision.decided_at.is_(None),
    )
    found = session.scalar(same.limit(1))
    if found is not None:
        return found
    decision = Decision(
        kind=matter.kind,
        therapist_id=matter.therapist_id,
        appointment_id=matter.appointment_id,
        series_id=matter.series_id,
        original_starts_at=matter.original_starts_at,
        code=matter.code,
        due_at=matter.due_at,
        created_at=now,
    )
    session.add(decision)
    session.flush()
    audit.record(session, "decision.asked", by=by, now=now, subject=("decision", decision.public_id), kind=matter.kind)
    _tell(session, decision, now, wait)
    return decision.public_id


def _tell(session: Session, decision: Decision, now: datetime, wait: timedelta) -> None:
    """Tell a therapist who has a sign-in; what it is about stands on the page, not in the mail."""
    email = session.scalar(
        select(Account.email)
        .join(Therapist, Therapist.account_id == Account.id)
        .where(Therapist.id == decision.therapist_id, Account.disabled_at.is_(None))
    )
    if email is not None:
        row = notices.message("to_decide", email, now=now, decision=decision.public_id) | {"due_at": now + wait}
        session.execute(insert(OutboxMessage), row)


def settle(session: Session, decision_id: int, outcome: str, *, by: Identity, now: datetime) -> bool:
    """Note what was decided. Returns False, and changes nothing, where it was decided already."""
    noted = session.execute(
        update(Decision)
        .where(Decision.id == decision_id, Decision.decided_at.is_(None))
        .values(decided_at=now, decided_by=by.account_id, outcome=outcome)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]


def close_about(
    session: Session, kind: DecisionKind, appointment_ids: Collection[int], outcome: str, *, by: Identity, now: datetime
) -> None:
    """Take a question of a kind about appointments off the list, because it does not arise any more."""
    session.execute(
        update(Decision)
        .where(Decision.kind == kind, Decision.appointment_id.in_(appointment_ids), Decision.decided_at.is_(None))
        .values(decided_at=now, decided_by=by.account_id, outcome=outcome)
    )
