"""Consents to a group's agreement: noted with the place that they came with, to the very version that was read."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.consenting import GivenAs
from practice.domain.permissions import Identity
from practice.models import Agreement, Client, Consent
from practice.services import audit
from practice.services.agreements import give_consent


def note_consents(
    session: Session,
    agreement: str,
    people: Mapping[int, bool],
    *,
    account_id: int | None,
    by: Identity,
    now: datetime,
) -> None:
    """Note that clients agree to a version (its public id): ``people`` says of each whether they do so themselves.

    Given twice it counts once. Raises ImpossibleStep where another version holds by now: it is to be read once more.
    """
    for client_id, is_self in people.items():
        given_as = GivenAs.SELF if is_self else GivenAs.GUARDIAN
        give_consent(session, agreement, client_id, given_as=given_as, account_id=account_id, by=by, now=now)


def note_version(
    session: Session,
    agreement_id: int,
    people: Mapping[int, bool],
    *,
    account_id: int | None,
    by: Identity,
    now: datetime,
) -> None:
    """Note what somebody agreed to before their address was proven, also where a newer version holds by now.

    That one is asked for when they enrol the next time.
    """
    version = session.get_one(Agreement, agreement_id)
    for client_id, is_self in people.items():
        given_as = GivenAs.SELF if is_self else GivenAs.GUARDIAN
        known = select(Consent.id).where(
            Consent.agreement_id == agreement_id,
            Consent.client_id == client_id,
            Consent.account_id == account_id,
            Consent.given_as == given_as,
            Consent.withdrawn_at.is_(None),
        )
        if session.scalar(known.limit(1)) is not None:
            continue
        client = session.get_one(Client, client_id)
        session.add(
            Consent(
                agreement_id=agreement_id, client_id=client_id, account_id=account_id, given_as=given_as, given_at=now
            )
        )
        session.flush()
        audit.record(
            session, "consent.given", by=by, now=now, subject=("client", client.public_id),
            agreement=version.public_id, given_as=given_as, sha256=version.sha256,
        )  # fmt: skip
