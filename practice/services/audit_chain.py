"""Links each event of the audit log to the one before it, so that a change or a gap in the middle shows.

A link is the id of the key (4 bytes) and an HMAC over the link before and everything that the event says. Keys come
from the practice's master keys, newest first; links by an older key can be checked as long as that key is configured.
"""

import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from practice.models import AuditEvent

BATCH = 500
PAGE = 5_000
MasterKeys = Sequence[tuple[str, bytes]]
COLUMNS = (
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.actor_kind,
    AuditEvent.actor_id,
    AuditEvent.action,
    AuditEvent.subject_kind,
    AuditEvent.subject_id,
    AuditEvent.detail,
    AuditEvent.link,
)


def extend_chain(session: Session, master_keys: MasterKeys) -> int:
    """Link the next events, at most 500, in the order of their ids. Returns how many there were.

    On PostgreSQL it needs a moment in which nobody is writing events: ids are given out before their rows can be seen,
    and an event must never appear between two that are linked. It does not wait for that moment, because writers would
    have to queue behind it: without one the database refuses the lock (55P03), and a later call links what is due.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    last = session.scalar(
        select(AuditEvent.link).where(AuditEvent.link.is_not(None)).order_by(AuditEvent.id.desc()).limit(1)
    )
    rows = session.execute(select(*COLUMNS).where(AuditEvent.link.is_(None)).order_by(AuditEvent.id).limit(BATCH)).all()
    key_id, key = master_keys[0]
    links = []
    for row in rows:
        last = _link(bytes.fromhex(key_id), key, last or b"", row)
        links.append({"event": row.id, "made": last})
    if links:
        table: Any = AuditEvent.__table__
        session.connection().execute(
            update(table).where(table.c.id == bindparam("event")).values(link=bindparam("made")), links
        )
    return len(rows)


def broken_links(session: Session, master_keys: MasterKeys) -> Iterator[int]:
    """Yield the ids of events that do not follow from the one before. Events at the end may wait for their link."""
    keys = {bytes.fromhex(key_id): key for key_id, key in master_keys}
    previous: bytes = b""
    waiting: list[int] = []
    for row in _events(session):
        if row.link is None:
            waiting.append(row.id)
            continue
        yield from waiting
        waiting.clear()
        key = keys.get(row.link[:4])
        if key is None or not hmac.compare_digest(_link(row.link[:4], key, previous, row), row.link):
            yield row.id
        previous = row.link


def _events(session: Session) -> Iterator[Row[Any]]:
    """Yield all events, a few thousand at a time."""
    wanted, last = select(*COLUMNS).order_by(AuditEvent.id).limit(PAGE), 0
    while rows := session.execute(wanted.where(AuditEvent.id > last)).all():
        yield from rows
        last = rows[-1].id


def _link(key_id: bytes, key: bytes, previous: bytes, row: Row[Any]) -> bytes:
    said = [row.id, row.at.isoformat(), *row[2:7], row.detail]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    chain_key = hmac.digest(key, b"audit chain", "sha256")
    return key_id + hmac.digest(chain_key, previous + b"\n" + canonical, "sha256")
