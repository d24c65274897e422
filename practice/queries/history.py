"""What happened to a session: the acts on it and on its places, in order, with who did them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from practice.models import Account, AuditEvent

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Act:
    """One act: ``subject`` is the public id of the session or of the place that it was done to."""

    at: datetime
    action: str
    subject: str
    actor_kind: str
    actor: str
    detail: Mapping[str, Any]


def history_of(session: Session, appointment: str, places: Collection[str]) -> Sequence[Act]:
    """Return the latest acts on an appointment and its places (public ids), oldest first; reads are left out."""
    rows = session.execute(
        select(
            AuditEvent.at,
            AuditEvent.action,
            AuditEvent.subject_id,
            AuditEvent.actor_kind,
            Account.name,
            AuditEvent.detail,
        )
        .outerjoin(Account, and_(AuditEvent.actor_kind == "account", Account.public_id == AuditEvent.actor_id))
        .where(
            or_(
                and_(AuditEvent.subject_kind == "appointment", AuditEvent.subject_id == appointment),
                and_(AuditEvent.subject_kind == "attendance", AuditEvent.subject_id.in_(places)),
            ),
            AuditEvent.action.not_like("%.read"),
        )
        .order_by(AuditEvent.id.desc())
        .limit(SHOWN)
    )
    return [Act(row[0], row[1], row[2], row[3], row[4] or "", row[5]) for row in rows][::-1]
