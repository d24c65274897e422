"""Keeps what finds a client in step with what they are called and how they are reached."""

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.searching import Findable
from practice.models import Appointment, Attendance, Client, ClientSearch, ClientTerm

# Past the ORM: these rows are only ever written and matched whole.
_LINE, _TERM = ClientSearch.__table__, ClientTerm.__table__


def findable(client: Client) -> Findable:
    """Return what finds a client, as they are known now."""
    return Findable(client.name, client.chosen_name, client.email, client.phone)


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
    if not kept.rowcount:
        seen_at = session.scalar(
            select(func.max(Appointment.starts_at))
            .join(Attendance, Attendance.appointment_id == Appointment.id)
            .where(Attendance.client_id == client.id)
        )
        seen_at = max(seen_at, client.created_at) if seen_at else client.created_at
        connection.execute(insert(_LINE).values(client_id=client.id, seen_at=seen_at, **line))  # type: ignore[arg-type]
    if found.terms:
        connection.execute(insert(_TERM), [{"term": term, "client_id": client.id} for term in sorted(found.terms)])  # type: ignore[arg-type]
