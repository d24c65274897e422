"""Clients, by the ids that addresses carry and by those of the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.models import Client, Occupancy


def client_by_public_id(session: Session, public_id: str) -> Client | None:
    """Return a client who was not erased, or None."""
    return session.scalars(
        select(Client).where(Client.public_id == public_id, Client.erased_at.is_(None))
    ).one_or_none()


def clients_by_public_id(session: Session, public_ids: Sequence[str]) -> list[Client]:
    """Return the clients in the order of ``public_ids``; those who do not exist, or were erased, are left out."""
    found = session.scalars(select(Client).where(Client.public_id.in_(public_ids), Client.erased_at.is_(None)))
    by_id = {client.public_id: client for client in found}
    return [by_id[public_id] for public_id in public_ids if public_id in by_id]


def clients_by_id(session: Session, ids: Sequence[int]) -> list[Client]:
    """Return the clients in the order of ``ids``; those who do not exist, or were erased, are left out."""
    found = session.scalars(select(Client).where(Client.id.in_(ids), Client.erased_at.is_(None)))
    by_id = {client.id: client for client in found}
    return [by_id[each] for each in ids if each in by_id]


def next_sessions(session: Session, clients: Sequence[Client], now: datetime) -> dict[int, datetime]:
    """Return, by client id, when the next session begins of those who have one to come, or one that goes on."""
    by_resource = {client.resource_id: client.id for client in clients}
    coming = (
        select(Occupancy.resource_id, func.min(Occupancy.starts_at))
        .where(Occupancy.resource_id.in_(by_resource), Occupancy.ends_at > now)
        .group_by(Occupancy.resource_id)
    )
    return {by_resource[resource_id]: starts_at for resource_id, starts_at in session.execute(coming)}
