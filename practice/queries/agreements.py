"""Agreements: the texts that were published, and who agreed to which."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from practice.models import Account, Agreement, Client, Consent


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent: to which version, for whom, by whom (``account_id`` None: noted at the desk) and as whom."""

    public_id: str
    agreement_id: int
    client_id: int
    account_id: int | None
    given_as: str
    given_at: datetime
    withdrawn_at: datetime | None
    number: int
    sha256: str
    account_name: str | None


def current_agreement(session: Session, kind: str, service_id: int | None = None) -> Agreement | None:
    """Return the text that holds now: of a kind, and of a service where the kind has one each; or None."""
    return session.scalars(_versions(kind, service_id).limit(1)).one_or_none()


def agreement_versions(session: Session, kind: str, service_id: int | None = None) -> Sequence[Agreement]:
    """Return every version that was published, the newest first."""
    return session.scalars(_versions(kind, service_id)).all()


def agreement_by_public_id(session: Session, public_id: str) -> Agreement | None:
    """Return one version, or None."""
    return session.scalars(select(Agreement).where(Agreement.public_id == public_id)).one_or_none()


def consents_to(session: Session, agreement_id: int, client_ids: Collection[int]) -> Mapping[int, list[ConsentRow]]:
    """Return the consents to one version that stand, by client. One statement."""
    wanted = _consents().where(
        Consent.agreement_id == agreement_id, Consent.client_id.in_(client_ids), Consent.withdrawn_at.is_(None)
    )
    found: dict[int, list[ConsentRow]] = defaultdict(list)
    for row in session.execute(wanted):
        found[row.client_id].append(ConsentRow(*row))
    return found


def consents_of(session: Session, client_id: int, kind: str) -> list[ConsentRow]:
    """Return every consent that was given for a client, withdrawn ones and those to older versions too."""
    wanted = _consents().where(Consent.client_id == client_id, Agreement.kind == kind)
    return [ConsentRow(*row) for row in session.execute(wanted)]


def consent_by_public_id(session: Session, public_id: str) -> tuple[Consent, Client] | None:
    """Return a consent with its client, or None."""
    row = session.execute(
        select(Consent, Client).join(Client, Client.id == Consent.client_id).where(Consent.public_id == public_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _versions(kind: str, service_id: int | None) -> Select[Agreement]:
    return (
        select(Agreement)
        .where(Agreement.kind == kind, Agreement.service_id.is_not_distinct_from(service_id))
        .order_by(Agreement.number.desc())
    )


def _consents() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Consent.public_id,
            Consent.agreement_id,
            Consent.client_id,
            Consent.account_id,
            Consent.given_as,
            Consent.given_at,
            Consent.withdrawn_at,
            Agreement.number,
            Agreement.sha256,
            Account.name,
        )
        .join(Agreement, Agreement.id == Consent.agreement_id)
        .outerjoin(Account, Account.id == Consent.account_id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
