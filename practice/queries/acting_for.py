"""For whom an account books: the clients that it acts for, with the right to book."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from practice.models import AccessKind, Client, ClientAccess


@dataclass(frozen=True, slots=True)
class ActedFor:
    """One client, as the person who books for them sees them, and what was agreed with them about money."""

    id: int
    public_id: str
    name: str
    is_self: bool
    agreed_fee_cents: int | None = None
    no_late_fees: bool = False


def oneself(session: Session, account_id: int | None, client_ids: Collection[int]) -> Client | None:
    """Return the client among ``client_ids`` that the account itself is, or None for who only looks after others."""
    return session.scalars(
        select(Client)
        .join(ClientAccess, ClientAccess.client_id == Client.id)
        .where(
            ClientAccess.account_id == account_id,
            ClientAccess.kind == AccessKind.SELF,
            Client.id.in_(client_ids),
            Client.erased_at.is_(None),
        )
        .order_by(ClientAccess.id)
        .limit(1)
    ).one_or_none()


def acted_for(session: Session, account_id: int | None, client_ids: Collection[int]) -> tuple[ActedFor, ...]:
    """Return those of ``client_ids`` whom the account may book for, oneself first, then by name. One statement."""
    agreed = (Client.agreed_fee_cents, Client.no_late_fees)
    rows = session.execute(
        select(Client.id, Client.public_id, Client.name, Client.chosen_name, ClientAccess.kind, *agreed)
        .join(ClientAccess, ClientAccess.client_id == Client.id)
        .where(
            ClientAccess.account_id == account_id,
            ClientAccess.can_book,
            Client.id.in_(client_ids),
            Client.erased_at.is_(None),
            Client.archived_at.is_(None),
        )
        .order_by(case((ClientAccess.kind == AccessKind.SELF, 0), else_=1), Client.name, Client.id)
    )
    return tuple(ActedFor(row[0], row[1], row[3] or row[2], row[4] == AccessKind.SELF, row[5], row[6]) for row in rows)
