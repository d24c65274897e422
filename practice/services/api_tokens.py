"""Bearer tokens of programs: made once, shown once, revoked for good."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import SCOPES, Identity
from practice.domain.tokens import hash_token, new_token
from practice.models import ApiToken
from practice.services.audit import record

NO_SCOPE = f"Name at least one scope of {', '.join(SCOPES)}."


def create_api_token(session: Session, name: str, scopes: Iterable[str], *, by: Identity, now: datetime) -> str:
    """Make a token and return it, which is never to be had again. Raises ValidationFailed for unknown scopes."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise ValidationFailed(NO_SCOPE, errors={"scopes": NO_SCOPE})
    token = new_token()
    made = ApiToken(name=name, token_hash=hash_token(token), scopes=wanted, created_at=now)
    session.add(made)
    session.flush()
    record(session, "api_token.created", by=by, now=now, subject=("api_token", made.public_id), scopes=wanted)
    return token


def revoke_api_token(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Take a token's rights away, at once and for good. Raises NotFound."""
    token = session.scalars(
        select(ApiToken).where(ApiToken.public_id == public_id, ApiToken.revoked_at.is_(None))
    ).one_or_none()
    if token is None:
        raise NotFound("There is no live token with this id.")
    token.revoked_at = now
    record(session, "api_token.revoked", by=by, now=now, subject=("api_token", public_id))
