"""Mailed links: one kind of secret for all that is proven by e-mail. Hashed, expiring, good for one use."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, insert, or_, update
from sqlalchemy.orm import Session

from practice.domain.errors import LinkEnded
from practice.domain.permissions import STRANGER, Identity
from practice.domain.tokens import hash_token, new_token
from practice.models import Account, OneTimeToken, TokenPurpose
from practice.queries.accounts import SessionRules, account_by_email
from practice.services.audit import record
from practice.services.messages import post
from practice.services.sessions import SignedIn, end_sessions_of, start_session
from practice.services.throttle import Limit, note_try, seconds_to_wait

GOOD_FOR = {
    TokenPurpose.SIGN_IN: timedelta(minutes=20),
    TokenPurpose.PASSWORD: timedelta(minutes=20),
    TokenPurpose.INVITATION: timedelta(days=7),
    TokenPurpose.PARTNER: timedelta(days=7),
}
TEMPLATES = {
    TokenPurpose.SIGN_IN: "sign_in_link",
    TokenPurpose.PASSWORD: "set_password",
    TokenPurpose.INVITATION: "invitation",
}
FOR_PASSWORDS = (TokenPurpose.PASSWORD, TokenPurpose.INVITATION)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LinkWish:
    """Somebody asks for a link; ``limits`` are of whoever asks, ``mail_limit`` of the mailbox that it goes to."""

    email: str
    purpose: TokenPurpose
    limits: Sequence[Limit]
    mail_limit: Limit
    leads_to: str = ""


def request_link(session: Session, wish: LinkWish, *, link_for: Callable[[str], str], now: datetime) -> None:
    """Send a link where the address belongs to an account. The caller cannot tell whether it does.

    Raises TooManyTries by who asks, never by whose address it is: a full mailbox limit only means that enough
    links are on their way.
    """
    note_try(session, wish.limits, now=now)
    is_flooded = seconds_to_wait(session, wish.mail_limit, now=now) > 0
    account = account_by_email(session, wish.email)
    if account is None or account.disabled_at is not None or is_flooded:
        return
    send_link(session, account, wish.purpose, link_for=link_for, by=STRANGER, now=now, leads_to=wish.leads_to)


def send_link(
    session: Session,
    account: Account,
    purpose: TokenPurpose,
    *,
    link_for: Callable[[str], str],
    by: Identity,
    now: datetime,
    leads_to: str = "",
) -> None:
    """Post a message with a new link to the account's address.

    The message's context holds the link, which is a secret, until it is sent: the worker empties it then.
    """
    token = issue(session, account.id, purpose, now=now, leads_to=leads_to)
    post(session, TEMPLATES[purpose], account.email, now=now, link=link_for(token))
    record(session, "account.link_sent", by=by, now=now, subject=("account", account.public_id), purpose=purpose)


def issue(session: Session, account_id: int, purpose: TokenPurpose, *, now: datetime, leads_to: str = "") -> str:
    """Make a token for ``purpose`` and return it; only its hash is kept."""
    token = new_token()
    session.execute(
        insert(OneTimeToken),
        {
            "purpose": purpose,
            "token_hash": hash_token(token),
            "account_id": account_id,
            "payload": {"leads_to": leads_to} if leads_to else {},
            "expires_at": now + GOOD_FOR[purpose],
            "created_at": now,
        },
    )
    return token


def consume(session: Session, token: str, purposes: Collection[str], *, now: datetime) -> tuple[Account, OneTimeToken]:
    """Use a link up and return whose it is; other links of its purpose end with it. Of two at once, one wins.

    Raises LinkEnded where it is unknown, used, too old, for something else, or for an account that is disabled.
    """
    used = session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == hash_token(token),
            OneTimeToken.purpose.in_(purposes),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeToken.id)
    ).scalar_one_or_none()
    if used is None:
        raise LinkEnded
    row = session.get_one(OneTimeToken, used)
    account = session.get_one(Account, row.account_id)
    if account.disabled_at is not None:
        raise LinkEnded
    end_links(session, account.id, [row.purpose], now=now)
    account.email_proven_at = account.email_proven_at or now
    return account, row


def end_links(session: Session, account_id: int, purposes: Collection[str], *, now: datetime) -> None:
    """End an account's open links for ``purposes``."""
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.account_id == account_id, OneTimeToken.purpose.in_(purposes), OneTimeToken.used_at.is_(None)
        )
        .values(used_at=now)
    )


def use_sign_in_link(
    session: Session, token: str, *, program: str, rules: SessionRules, now: datetime
) -> tuple[SignedIn, str]:
    """Sign in with a mailed link; returns the session and where its owner wanted to go. Raises LinkEnded."""
    account, row = consume(session, token, [TokenPurpose.SIGN_IN], now=now)
    signed_in = start_session(session, account, program=program, rules=rules, now=now, how="link")
    return signed_in, str(row.payload.get("leads_to", ""))


def use_password_link(
    session: Session, token: str, password_hash: str, *, program: str, rules: SessionRules, now: datetime
) -> SignedIn:
    """Set a password with a mailed link and sign in; every session from before ends. Raises LinkEnded."""
    account, _ = consume(session, token, FOR_PASSWORDS, now=now)
    who = Identity(kind="account", id=account.public_id, account_id=account.id)
    account.password_hash = password_hash
    end_links(session, account.id, list(TokenPurpose), now=now)
    end_sessions_of(session, account.id, by=who, now=now)
    record(session, "account.password_set", by=who, now=now, subject=("account", account.public_id), how="link")
    return start_session(session, account, program=program, rules=rules, now=now, how="link")


def forget_old_links(session: Session, *, now: datetime) -> None:
    """Remove links that ended a month ago, and at once what a partner said who did not prove their address.

    The worker calls it.
    """
    is_unproven = and_(OneTimeToken.purpose == TokenPurpose.PARTNER, OneTimeToken.expires_at < now)
    session.execute(delete(OneTimeToken).where(or_(OneTimeToken.expires_at < now - KEPT, is_unproven)))
