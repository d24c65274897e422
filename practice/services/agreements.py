"""Agreements: a text is published as a version that never changes, people consent to it, and may take that back.

The same for every kind of text: what somebody agreed to is the version whose digest is kept, not what it reads today.
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Agreement, Client, Consent
from practice.queries.agreements import agreement_by_public_id, current_agreement
from practice.services import audit
from practice.services.keeping import take_turns

NOTHING_TO_READ = "Enter the text that people agree to."
NEWER = "The text has changed in the meantime. Please read it once more."


def publish(
    session: Session, kind: str, text: str, *, by: Identity, now: datetime, service_id: int | None = None
) -> Agreement:
    """Publish a text as the version that holds from now on; the same text again is the version there is.

    Who agreed to an older version is asked anew. Raises ValidationFailed for a text without words.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationFailed(NOTHING_TO_READ, errors={"text": NOTHING_TO_READ})
    take_turns(session)
    before = current_agreement(session, kind, service_id)
    if before is not None and before.text == text:
        return before
    made = Agreement(
        kind=kind,
        service_id=service_id,
        number=before.number + 1 if before else 1,
        text=text,
        sha256=digest(text),
        published_at=now,
    )
    session.add(made)
    session.flush()
    subject = ("agreement", made.public_id)
    audit.record(session, "agreement.published", by=by, now=now, subject=subject, kind=kind, number=made.number)
    return made


def digest(text: str) -> str:
    """Return what is kept beside a text, so that nobody changes it unseen."""
    return sha256(text.encode()).hexdigest()


def give_consent(
    session: Session,
    agreement: str,
    client_id: int,
    *,
    given_as: str,
    account_id: int | None,
    by: Identity,
    now: datetime,
    anew: bool = False,
) -> Consent:
    """Note that a client, or a guardian for them, agrees to a version (its public id). Given twice it counts once.

    ``account_id`` is whose consent it is, None where it was given on paper; with ``anew`` it takes the place of one
    that does not count any more. Raises NotFound, or ImpossibleStep where
    another version holds by now.
    """
    client = session.get(Client, client_id, with_for_update=True)
    wanted = agreement_by_public_id(session, agreement)
    if client is None or wanted is None:
        raise NotFound
    holds = current_agreement(session, wanted.kind, wanted.service_id)
    if holds is None or holds.id != wanted.id:
        raise ImpossibleStep(NEWER)
    same = select(Consent).where(
        Consent.agreement_id == wanted.id,
        Consent.client_id == client_id,
        Consent.account_id.is_not_distinct_from(account_id),
        Consent.given_as == given_as,
        Consent.withdrawn_at.is_(None),
    )
    known = session.scalars(same.order_by(Consent.id).limit(1)).one_or_none()
    if known is not None and not anew:
        return known
    if known is not None:
        known.withdrawn_at = now
    made = Consent(agreement_id=wanted.id, client_id=client_id, account_id=account_id, given_as=given_as, given_at=now)
    session.add(made)
    session.flush()
    audit.record(
        session, "consent.given", by=by, now=now, subject=("client", client.public_id),
        agreement=wanted.public_id, given_as=given_as, sha256=wanted.sha256,
    )  # fmt: skip
    return made


def withdraw_consent(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Take a consent back; that it was given stays on record. Taken back twice it counts once. Raises NotFound."""
    found = session.scalars(select(Consent).where(Consent.public_id == public_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at = now
    session.flush()
    client = session.get_one(Client, found.client_id)
    audit.record(session, "consent.withdrawn", by=by, now=now, subject=("client", client.public_id), consent=public_id)
