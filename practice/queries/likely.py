"""Who somebody new may be already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from practice.models import Client
from practice.queries.clients import clients_by_id
from practice.queries.finding import namesakes

MOST = 5
LOOKED_AT = 20
Reason = Literal["email", "phone", "birth_date", "name", "similar"]
WEIGHTS: dict[Reason, int] = {"email": 3, "phone": 3, "name": 3, "similar": 2, "birth_date": 2}


@dataclass(frozen=True, slots=True)
class Likely:
    """A client who is there, and what is the same."""

    client: Client
    reasons: tuple[Reason, ...]


def likely_clients(
    session: Session, names: Sequence[str], email: str | None, phone: str | None, birth_date_marks: Sequence[bytes]
) -> list[Likely]:
    """Return the clients who may be the one with these names, address, number or birth date, the likeliest first.

    Two clients may share any of them, so this is a question and no answer.
    """
    found: dict[int, list[Reason]] = {}
    for name in dict.fromkeys(filter(None, names)):
        called = namesakes(session, name, limit=MOST)
        for at, client_id in enumerate(called.client_ids):
            found.setdefault(client_id, ["name" if at < called.near else "similar"])
    for client in _sharing(session, email, phone, birth_date_marks):
        reasons = found.setdefault(client.id, [])
        reasons += ["email"] if email and client.email and client.email.lower() == email.lower() else []
        reasons += ["phone"] if phone and client.phone == phone else []
        reasons += ["birth_date"] if client.birth_date_hmac in birth_date_marks else []
    likeliest = sorted(found, key=lambda client_id: -sum(WEIGHTS[reason] for reason in found[client_id]))[:MOST]
    return [Likely(client, tuple(found[client.id])) for client in clients_by_id(session, likeliest)]


def _sharing(session: Session, email: str | None, phone: str | None, marks: Sequence[bytes]) -> Sequence[Client]:
    ways: list[ColumnElement[bool]] = []
    if email:
        ways.append(Client.email.in_({email, email.lower()}))
    if phone:
        ways.append(Client.phone == phone)
    if marks:
        ways.append(Client.birth_date_hmac.in_(marks))
    if not ways:
        return []
    is_there = (Client.erased_at.is_(None), Client.archived_at.is_(None))
    return session.scalars(select(Client).where(or_(*ways), *is_there).order_by(Client.id).limit(LOOKED_AT)).all()
