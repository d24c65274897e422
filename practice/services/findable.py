"""Keeps what finds a client in step with what they are called and how they are reached."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.searching import Findable
from practice.models import Appointment, Attendance, Client, ClientSearch, ClientTerm

# Past the ORM: these rows are only ever written and matched whole.
PAGE = 2_000
_LINE, _TERM = ClientSearch.__table__, ClientTerm.__table__
# Built once: each new client is written with them.
_INSERT_LINE, _INSERT_TERM = insert(_LINE), insert(_TERM)  # type: ignore[arg-type]


def findable(client: Client) -> Findable:
    """Return what finds a client, as they are known now."""
    return Findable(client.name, client.chosen_name, client.email, client.phone)


def make_findable(session: Session, client: Client) -> None:
    """Write what finds a client who has just been added, and was seen nowhere yet."""
    session.flush()
    _write(session, client, findable(client), client.created_at)


def keep_findable(session: Session, client: Client) -> None:
    """Write what finds a stored client anew, in the transaction of the change that asked for it.

    One who was archived or erased is not found any more: nothing of them stays behind.
    """
    session.flush()
    connection = session.connection()
    connection.execute(delete(_TERM).where(_TERM.c.client_id == client.id))  # type: ignore[arg-type]
    if client.archived_at is not None or client.erased_at is not None:
        connection.execute(delete(_LINE).where(_LINE.c.client_id == client.id))  # type: ignore[arg-type]
        return
    found = findable(client)
    line = {"words": found.words, "contact": found.contact}
    kept = connection.execute(update(_LINE).where(_LINE.c.client_id == client.id).values(line))  # type: ignore[arg-type]
    _write(session, client, found, None if kept.rowcount else _seen_at(session, client))


def _seen_at(session: Session, client: Client) -> datetime:
    """Return when a client's last session is or was, or when they were added."""
    last = session.scalar(
        select(func.max(Appointment.starts_at))
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Attendance.client_id == client.id)
    )
    return max(last, client.created_at) if last else client.created_at


def _write(session: Session, client: Client, found: Findable, seen_at: datetime | None) -> None:
    """Add the terms of a client, and their line where ``seen_at`` says that there is none yet."""
    connection = session.connection()
    if seen_at is not None:
        line = {"client_id": client.id, "words": found.words, "contact": found.contact, "seen_at": seen_at}
        connection.execute(_INSERT_LINE, line)
    if found.terms:
        connection.execute(_INSERT_TERM, [{"term": term, "client_id": client.id} for term in sorted(found.terms)])


def wrongly_findable(session: Session, *, every: int) -> Iterator[int]:
    """Yield the clients, of each ``every``-th one by id, who are found by something else than what they are called.

    That is also whoever was archived or erased, and is found at all.
    """
    wanted = select(Client).where(Client.id % every == 0).order_by(Client.id).limit(PAGE)
    last = 0
    while clients := session.scalars(wanted.where(Client.id > last)).all():
        ids = [client.id for client in clients]
        lines = {
            row.client_id: (row.words, row.contact)
            for row in session.execute(select(_LINE).where(_LINE.c.client_id.in_(ids)))
        }
        terms = defaultdict(set)
        for term, client_id in session.execute(
            select(_TERM.c.term, _TERM.c.client_id).where(_TERM.c.client_id.in_(ids))
        ):
            terms[client_id].add(term)
        for client in clients:
            found, is_hidden = findable(client), bool(client.archived_at or client.erased_at)
            line = None if is_hidden else (found.words, found.contact)
            if lines.get(client.id) != line or terms[client.id] != (set() if is_hidden else found.terms):
                yield client.id
        last = ids[-1]
        session.expunge_all()
