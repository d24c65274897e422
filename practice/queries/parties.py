"""The clients of a booking: what a service needs of them to take their time and to tell whom they chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from practice.models import AccessKind, Account, Attendance, Client, ClientAccess, SafeContact


@dataclass(frozen=True, slots=True)
class Party:
    """One client of a booking; ``recipients`` are the addresses that may be written to about it.

    ``agreed_fee_cents`` is what their sessions for one or two cost, where something else than the price was agreed.
    """

    id: int
    public_id: str
    resource_id: int
    zone: str
    recipients: tuple[str, ...] = ()
    agreed_fee_cents: int | None = None


def parties(session: Session, client_ids: Collection[int], today: date) -> list[Party]:
    """Return the clients in the order of ``client_ids``; one that does not exist, or was erased, is left out.

    Written to are the client's own address, where e-mail is safe, and those guardians who are to be written to.
    One statement.
    """
    found = _read(session, _BY_ID, list(client_ids), today)
    return [found[client_id] for client_id in dict.fromkeys(client_ids) if client_id in found]


def party_by_public_id(session: Session, public_id: str, today: date) -> Party | None:
    """Return the client with this public id as a party, or None. One statement."""
    return next(iter(_read(session, _BY_PUBLIC_ID, [public_id], today).values()), None)


def _read(
    session: Session, statement: Select[*tuple[Any, ...]], ids: list[int] | list[str], today: date
) -> dict[int, Party]:
    rows = session.connection().execute(statement, {"ids": ids, "today": today})
    found: dict[int, Party] = {}
    for client_id, public_id, resource_id, zone, email, safe_contact, agreed, guardian in rows:
        known = found.get(client_id)
        recipients = known.recipients if known else ((email,) if email and safe_contact == SafeContact.EMAIL else ())
        if guardian and guardian not in recipients:
            recipients = (*recipients, guardian)
        found[client_id] = Party(client_id, public_id, resource_id, zone, recipients, agreed)
    return found


def attending(session: Session, appointment_id: int, statuses: Collection[str], today: date) -> list[Party]:
    """Return the clients with a place of one of ``statuses`` in an appointment."""
    ids = session.scalars(
        select(Attendance.client_id)
        .where(Attendance.appointment_id == appointment_id, Attendance.status.in_(statuses))
        .order_by(Attendance.id)
    ).all()
    return parties(session, ids, today)


def _statement(named_by: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    today = bindparam("today", type_=Date)
    is_written_to = and_(
        ClientAccess.client_id == Client.id,
        ClientAccess.kind == AccessKind.GUARDIAN,
        ClientAccess.is_written_to,
        ClientAccess.valid_from <= today,
        or_(ClientAccess.valid_until.is_(None), ClientAccess.valid_until >= today),
    )
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return (
        select(
            Client.id,
            Client.public_id,
            Client.resource_id,
            Client.zone,
            Client.email,
            Client.safe_contact,
            Client.agreed_fee_cents,
            Account.email,
        )
        .outerjoin(ClientAccess, is_written_to)
        .outerjoin(Account, and_(Account.id == ClientAccess.account_id, Account.disabled_at.is_(None)))
        .where(named_by.in_(ids), Client.erased_at.is_(None))
        .order_by(Client.id, ClientAccess.id)
    )


# Built once: building them costs more than running them.
_BY_ID, _BY_PUBLIC_ID = _statement(Client.id), _statement(Client.public_id)
