"""The record of who did and who read what. Written in the transaction of the act; chained later by the worker."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.models import AuditEvent

_INSERT = insert(AuditEvent.__table__)  # type: ignore[arg-type]


def record(
    session: Session, action: str, *, by: Identity, now: datetime, subject: tuple[str, str] = ("", ""), **detail: Any
) -> None:
    """Add one event: ``subject`` is (kind, public id); ``detail`` never holds health data, names or contacts."""
    session.connection().execute(_INSERT, _event(action, by, now, subject, detail))


def record_all(
    session: Session, action: str, *, by: Identity, now: datetime, subjects: Iterable[tuple[str, str]], **detail: Any
) -> None:
    """Add the same event for several subjects, in one statement."""
    rows = [_event(action, by, now, subject, detail) for subject in subjects]
    if rows:
        session.connection().execute(_INSERT, rows)


def _event(
    action: str, by: Identity, now: datetime, subject: tuple[str, str], detail: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "at": now,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "action": action,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "detail": detail,
    }
