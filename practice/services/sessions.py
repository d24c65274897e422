"""Signing in by password, and the sessions that follow from signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from practice.domain.permissions import STAFF_ROLES, STRANGER, Identity
from practice.domain.tokens import hash_token, new_token
from practice.models import Account
from practice.models import Session as SignedInSession
from practice.queries.accounts import SessionRules, account_by_email, roles_of
from practice.services.audit import record
from practice.services.throttle import Limit, forgive, note_try

SEEN_EVERY = timedelta(minutes=1)
PROGRAM_LENGTH = 80
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PasswordClaim:
    """What somebody claims at the sign-in page; ``password_hash`` is None where there is nothing to compare with."""

    account_id: int | None
    password_hash: str | None
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun; ``token`` goes into the cookie and is kept nowhere else."""

    token: str
    account_id: int
    roles: frozenset[str]

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody of the practice."""
        return bool(self.roles & STAFF_ROLES)


def begin_password_sign_in(session: Session, email: str, limits: Sequence[Limit], *, now: datetime) -> PasswordClaim:
    """Note a try and return what the password has to be compared with, outside of any transaction.

    The answer has the same shape for unknown and disabled accounts. Raises TooManyTries; a limit is always one of an
    address, alone or with this e-mail, so that nobody can lock somebody else out.
    """
    note_try(session, limits, now=now)
    keys = tuple(limit.key for limit in limits)
    account = account_by_email(session, email)
    if account is None or account.disabled_at is not None:
        return PasswordClaim(None, None, keys)
    return PasswordClaim(account.id, account.password_hash, keys)


def finish_password_sign_in(
    session: Session, claim: PasswordClaim, *, rehashed: str | None, program: str, rules: SessionRules, now: datetime
) -> SignedIn | None:
    """Begin the session of somebody whose password was right.

    ``rehashed`` replaces a hash of an older cost. Returns None when the password was changed or the account disabled
    while it was being compared.
    """
    account = session.get(Account, claim.account_id) if claim.account_id else None
    if account is None or account.disabled_at is not None or account.password_hash != claim.password_hash:
        return None
    if rehashed:
        account.password_hash = rehashed
    forgive(session, claim.keys[:1])
    return start_session(session, account, program=program, rules=rules, now=now)


def note_refusal(session: Session, claim: PasswordClaim, *, now: datetime) -> None:
    """Record that a sign-in was refused, without saying to whom."""
    account = session.get(Account, claim.account_id) if claim.account_id else None
    subject = ("account", account.public_id if account else "")
    record(session, "account.sign_in_refused", by=STRANGER, now=now, subject=subject)


def start_session(
    session: Session, account: Account, *, program: str, rules: SessionRules, now: datetime, how: str = "password"
) -> SignedIn:
    """Begin a new session for ``account`` and return its token, which is never to be had again."""
    roles = roles_of(session, account.id)
    token = new_token()
    started = SignedInSession(
        token_hash=hash_token(token),
        account_id=account.id,
        program=program[:PROGRAM_LENGTH],
        created_at=now,
        last_seen_at=now,
        expires_at=now + rules.absolute(is_staff=bool(roles & STAFF_ROLES)),
    )
    session.add(started)
    session.flush()
    who = Identity(kind="account", id=account.public_id)
    record(session, "account.signed_in", by=who, now=now, subject=("session", started.public_id), how=how)
    return SignedIn(token, account.id, roles)


def end_session(session: Session, public_id: str, *, by: Identity, now: datetime) -> bool:
    """End one of the caller's own sessions. False for anybody else's, or one that has ended."""
    ended = session.execute(
        update(SignedInSession)
        .where(
            SignedInSession.public_id == public_id,
            SignedInSession.account_id == by.account_id,
            SignedInSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "account.session_ended", by=by, now=now, subject=("session", public_id))
    return True


def end_sessions_of(session: Session, account_id: int, *, by: Identity, now: datetime, but: str = "") -> None:
    """End all sessions of an account, except the one with the public id ``but``."""
    ids = session.scalars(
        select(SignedInSession.public_id).where(
            SignedInSession.account_id == account_id,
            SignedInSession.ended_at.is_(None),
            SignedInSession.public_id != but,
        )
    ).all()
    if not ids:
        return
    session.execute(update(SignedInSession).where(SignedInSession.public_id.in_(ids)).values(ended_at=now))
    for public_id in ids:
        record(session, "account.session_ended", by=by, now=now, subject=("session", public_id))


def forget_ended_sessions(session: Session, *, now: datetime) -> None:
    """Remove sessions that have been over for a month; the worker calls it."""
    session.execute(delete(SignedInSession).where(SignedInSession.expires_at < now - KEPT))


def note_seen(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that a session is in use, at most once in ``SEEN_EVERY``."""
    session.execute(
        update(SignedInSession)
        .where(SignedInSession.id == session_id, SignedInSession.last_seen_at <= now - SEEN_EVERY)
        .values(last_seen_at=now)
    )
