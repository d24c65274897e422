"""Accounts: making them, their roles and passwords, and closing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, SignInRefused, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Account, AccountRole, Role, Therapist, TokenPurpose
from practice.queries.accounts import account_by_email, normalized_email
from practice.services.audit import record
from practice.services.links import end_links
from practice.services.sessions import end_sessions_of

TAKEN = "There is an account with this e-mail address already."
ROLE_UNKNOWN = "Choose a role: therapist, front_desk or admin."
THERAPIST_UNKNOWN = "There is no therapist with this address."
THERAPIST_TAKEN = "This therapist has an account already."
WRONG_PASSWORD = "That is not your present password."  # noqa: S105 - a sentence, not a secret


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make. ``therapist_slug`` names the therapist who signs in with it."""

    email: str
    name: str
    roles: frozenset[str] = frozenset()
    therapist_slug: str | None = None
    password_hash: str | None = None


def create_account(session: Session, new: NewAccount, *, by: Identity, now: datetime) -> Account:
    """Make an account. Raises ValidationFailed where the e-mail or the therapist has one, or a name is unknown."""
    if account_by_email(session, new.email) is not None:
        raise ValidationFailed(TAKEN, errors={"email": TAKEN})
    account = Account(email=normalized_email(new.email), name=new.name, password_hash=new.password_hash, created_at=now)
    session.add(account)
    session.flush()
    _set_roles(session, account, new.roles)
    if new.therapist_slug is not None:
        _give_to_therapist(session, account, new.therapist_slug)
    subject = ("account", account.public_id)
    record(session, "account.created", by=by, now=now, subject=subject, roles=sorted(new.roles))
    return account


def set_roles(session: Session, account: Account, roles: Iterable[str], *, by: Identity, now: datetime) -> None:
    """Give an account exactly these staff roles; they count from the next request on. Raises ValidationFailed."""
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    wanted = frozenset(roles)
    _set_roles(session, account, wanted)
    record(session, "account.roles_set", by=by, now=now, subject=("account", account.public_id), roles=sorted(wanted))


def change_password(
    session: Session, account_id: int, *, compared_hash: str | None, new_hash: str, by: Identity, now: datetime
) -> None:
    """Put ``new_hash`` in the place of the hash that the old password was compared with; other sessions end.

    Raises SignInRefused when the password was changed in the meantime.
    """
    account = session.get_one(Account, account_id)
    if compared_hash is None or account.password_hash != compared_hash:
        raise SignInRefused(WRONG_PASSWORD)
    account.password_hash = new_hash
    end_links(session, account.id, list(TokenPurpose), now=now)
    end_sessions_of(session, account.id, by=by, now=now, but=by.session_id)
    record(session, "account.password_set", by=by, now=now, subject=("account", account.public_id), how="password")


def disable_account(session: Session, account: Account, *, by: Identity, now: datetime) -> None:
    """Close an account: its sessions and links end at once, and it cannot sign in. Its traces stay."""
    account.disabled_at = account.disabled_at or now
    end_links(session, account.id, list(TokenPurpose), now=now)
    end_sessions_of(session, account.id, by=by, now=now)
    record(session, "account.disabled", by=by, now=now, subject=("account", account.public_id))


def enable_account(session: Session, account: Account, *, by: Identity, now: datetime) -> None:
    """Open a closed account again."""
    account.disabled_at = None
    record(session, "account.enabled", by=by, now=now, subject=("account", account.public_id))


def account_named(session: Session, email: str) -> Account:
    """Return the account with this address. Raises NotFound."""
    account = account_by_email(session, email)
    if account is None:
        raise NotFound("There is no account with this e-mail address.")
    return account


def _set_roles(session: Session, account: Account, roles: frozenset[str]) -> None:
    if not roles <= set(Role):
        raise ValidationFailed(ROLE_UNKNOWN, errors={"roles": ROLE_UNKNOWN})
    session.add_all(AccountRole(account_id=account.id, role=role) for role in sorted(roles))
    session.flush()


def _give_to_therapist(session: Session, account: Account, slug: str) -> None:
    therapist = session.scalars(select(Therapist).where(Therapist.slug == slug)).one_or_none()
    if therapist is None:
        raise ValidationFailed(THERAPIST_UNKNOWN, errors={"therapist": THERAPIST_UNKNOWN})
    if therapist.account_id is not None:
        raise ValidationFailed(THERAPIST_TAKEN, errors={"therapist": THERAPIST_TAKEN})
    therapist.account_id = account.id
    session.flush()
