"""What ``check`` asks of people and texts that no statement alone decides: ages, and what was published."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault, VaultError
from practice.domain.consenting import is_of_age
from practice.models import AccessKind, Agreement, Client, ClientAccess, Practice
from practice.queries.practice import date_at
from practice.services.access import rules_of
from practice.services.agreements import digest
from practice.services.birth_dates import birth_dates


def changed_texts(session: Session) -> Iterator[int]:
    """Yield the ids of agreements whose text is not the one that was published."""
    for agreement in session.scalars(select(Agreement).order_by(Agreement.id)):
        if digest(agreement.text) != agreement.sha256:
            yield agreement.id


def guardians_of_grown_ups(session: Session, vault: Vault, now: datetime) -> Iterator[int]:
    """Yield the ids of guardians' access that the worker should have ended: their clients were of age yesterday.

    A birth date that does not open is another invariant's.
    """
    practice = session.scalars(select(Practice)).one_or_none()
    if practice is None:
        return
    yesterday, rules, born_on = date_at(practice, now) - timedelta(days=1), rules_of(practice), birth_dates(vault)
    rows = session.execute(
        select(ClientAccess.id, Client.wrapped_key, Client.public_id, Client.birth_date_sealed)
        .join(Client, Client.id == ClientAccess.client_id)
        .where(
            ClientAccess.kind == AccessKind.GUARDIAN,
            ClientAccess.valid_until.is_(None) | (ClientAccess.valid_until > yesterday),
            Client.birth_date_sealed.is_not(None),
            Client.erased_at.is_(None),
        )
        .order_by(ClientAccess.id)
    )
    for access_id, key, public_id, sealed in rows:
        try:
            born = born_on(key, public_id, sealed)
        except VaultError:
            continue
        if is_of_age(born, rules, yesterday):
            yield access_id
