"""Finding a client by what a caller says."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from practice.models import Client

PHONE_DIGITS = 4


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


def clients_like(session: Session, words: str, *, page: int = 1, per_page: int = 20) -> Sequence[Client]:
    """Return a page of the clients whose name, chosen name, e-mail or phone holds ``words``, by name.

    Every word must be there, in any order. One more row than ``per_page`` is asked for, so that the caller knows
    whether there is another page. Without words nobody is found. One statement.
    """
    if not words.strip():
        return []
    return session.scalars(
        select(Client)
        .where(_matches(words), Client.erased_at.is_(None), Client.archived_at.is_(None))
        .order_by(Client.search_name, Client.id)
        .limit(per_page + 1)
        .offset((page - 1) * per_page)
    ).all()


def _matches(words: str) -> ColumnElement[bool]:
    folded = words.casefold().split()
    ways: list[ColumnElement[bool]] = [Client.email.icontains(words.strip(), autoescape=True)]
    digits = re.sub(r"[^0-9]", "", words)
    if len(digits) >= PHONE_DIGITS and re.fullmatch(r"[0-9+()\-. ]+", words.strip()):
        ways.append(Client.phone.contains(digits, autoescape=True))
    by_name = [Client.search_name.contains(word, autoescape=True) for word in folded]
    return or_(*ways, and_(*by_name))
