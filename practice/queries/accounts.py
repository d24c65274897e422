"""Who is behind a session or token, in one statement, because nearly every request asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, and_, bindparam, select
from sqlalchemy.orm import Session

from practice.domain.ages import BirthDates
from practice.domain.consenting import ConsentRules, is_of_age, may_still_read
from practice.domain.errors import LinkEnded
from practice.domain.permissions import Identity, permissions_of, permissions_of_scopes
from practice.domain.tokens import hash_token
from practice.models import (
    AccessKind,
    Account,
    AccountRole,
    ApiToken,
    Client,
    ClientAccess,
    OneTimeToken,
    Practice,
    Therapist,
)
from practice.models import Session as SignedInSession
from practice.queries.hot import HotStatement

CLIENT = "client"
FALLBACK_ZONE = "UTC"  # before the practice itself is set up


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts in all, and without anything being asked for."""

    staff_absolute: timedelta = timedelta(hours=12)
    staff_idle: timedelta = timedelta(minutes=15)
    client_absolute: timedelta = timedelta(days=30)
    client_idle: timedelta = timedelta(days=7)

    def absolute(self, *, is_staff: bool) -> timedelta:
        """Return the longest that a session lasts."""
        return self.staff_absolute if is_staff else self.client_absolute

    def idle(self, *, is_staff: bool) -> timedelta:
        """Return the longest that a session lasts unused."""
        return self.staff_idle if is_staff else self.client_idle


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that may be used now: who it is, and when it was last noted as used."""

    identity: Identity
    session_id: int
    last_seen_at: datetime


# The tables, not their classes, and built once: nearly every request asks this.
_session, _account, _role = SignedInSession.__table__.c, Account.__table__.c, AccountRole.__table__.c
_therapist, _access, _practice = Therapist.__table__.c, ClientAccess.__table__.c, Practice.__table__.c
_client = Client.__table__.c
_LIVE_SESSION = HotStatement(
    select(
        _session.id.label("session_id"),
        _session.public_id.label("session_public_id"),
        _session.created_at,
        _session.last_seen_at,
        _account.id.label("account_id"),
        _account.public_id,
        _account.name,
        _account.email,
        _therapist.id.label("therapist_id"),
        _role.role,
        _access.client_id,
        _access.valid_from,
        _access.valid_until,
        _access.can_see_times,
        _access.can_book,
        _access.can_consent,
        _access.can_read,
        _access.reads_since,
        _access.kind,
        _client.public_id.label("client_public_id"),
        _client.wrapped_key,
        _client.birth_date_sealed,
        _practice.zone,
        _practice.majority_age,
        _practice.consents_alone_age,
    )
    .select_from(SignedInSession.__table__)
    .join(Account.__table__, _account.id == _session.account_id)
    .outerjoin(AccountRole.__table__, _role.account_id == _account.id)
    .outerjoin(Therapist.__table__, and_(_therapist.account_id == _account.id, _therapist.archived_at.is_(None)))
    .outerjoin(ClientAccess.__table__, _access.account_id == _account.id)
    .outerjoin(Client.__table__, _client.id == _access.client_id)
    .outerjoin(Practice.__table__, _practice.id == 1)
    .where(_session.token_hash == bindparam("token_hash"), _session.ended_at.is_(None), _account.disabled_at.is_(None))
)


class LiveRow(NamedTuple):
    """A row of the statement: one for each pair of a role and a client."""

    session_id: int
    session_public_id: str
    created_at: datetime
    last_seen_at: datetime
    account_id: int
    public_id: str
    name: str
    email: str
    therapist_id: int | None
    role: str | None
    client_id: int | None
    valid_from: date
    valid_until: date | None
    can_see_times: bool
    can_book: bool
    can_consent: bool
    can_read: bool
    reads_since: date | None
    kind: str | None
    client_public_id: str
    wrapped_key: bytes | None
    birth_date_sealed: bytes | None
    zone: str | None
    majority_age: int | None
    consents_alone_age: int | None

    @property
    def rules(self) -> ConsentRules:
        """The practice's ages."""
        return ConsentRules(self.majority_age or 18, self.consents_alone_age or 18)


def session_for_token(
    engine: Engine, token_hash: bytes, *, now: datetime, rules: SessionRules, born_on: BirthDates
) -> LiveSession | None:
    """Return the live session of this token and whose it is, or None.

    One statement, a row for each pair of role and client: nearly always one row. Roles and access count as they are
    now, not as they were at sign-in; access counts by the practice's date. A guardian's ends on the day on which the
    client comes of age: ``born_on`` opens the birth dates of those clients, and of nobody else.
    """
    found = _LIVE_SESSION.rows(engine, token_hash=token_hash)
    if not found:
        return None
    rows = [LiveRow(*row) for row in found]
    first = rows[0]
    identity = _identity(rows, now=now, born_on=born_on)
    is_over = now >= first.created_at + rules.absolute(is_staff=identity.is_staff)
    is_idle = now >= first.last_seen_at + rules.idle(is_staff=identity.is_staff)
    return None if is_over or is_idle else LiveSession(identity, first.session_id, first.last_seen_at)


def _identity(rows: Sequence[LiveRow], *, now: datetime, born_on: BirthDates) -> Identity:
    first = rows[0]
    today = now.astimezone(ZoneInfo(first.zone or FALLBACK_ZONE)).date()
    access = _access_today(rows, today, born_on)
    staff = frozenset(row.role for row in rows if row.role is not None)
    roles = staff | {CLIENT} if access or not staff else staff
    return Identity(
        kind="account",
        id=first.public_id,
        name=first.name,
        email=first.email,
        account_id=first.account_id,
        session_id=first.session_public_id,
        roles=roles,
        permissions=permissions_of(roles),
        therapist_id=first.therapist_id if "therapist" in staff else None,
        client_ids=frozenset(client for client, (row, _) in access.items() if row.can_see_times),
        books_for=frozenset(client for client, (row, _) in access.items() if row.can_book),
        consents_for=frozenset(client for client, (row, _) in access.items() if row.can_consent),
        reads_for=frozenset(client for client, (_, reads) in access.items() if reads),
        guards=frozenset(client for client, (row, _) in access.items() if row.kind == AccessKind.GUARDIAN),
    )


def _access_today(rows: Sequence[LiveRow], today: date, born_on: BirthDates) -> dict[int, tuple[LiveRow, bool]]:
    """Return the access that is valid today, by client, and whether it lets read what the client answered."""
    found: dict[int, tuple[LiveRow, bool]] = {}
    for row in rows:
        if row.client_id is None or row.client_id in found or not _is_valid(row, today):
            continue
        if row.kind != AccessKind.GUARDIAN:
            found[row.client_id] = row, row.can_read
            continue
        born = born_on(row.wrapped_key, row.client_public_id, row.birth_date_sealed)
        if not is_of_age(born, row.rules, today):
            found[row.client_id] = row, row.can_read and may_still_read(born, row.rules, row.reads_since, today)
    return found


def _is_valid(row: LiveRow, today: date) -> bool:
    return bool(row.valid_from <= today and (row.valid_until is None or today <= row.valid_until))


_token = ApiToken.__table__.c
_API_TOKEN = select(_token.public_id, _token.name, _token.scopes).where(
    _token.token_hash == bindparam("token_hash"), _token.revoked_at.is_(None)
)


def identity_for_api_token(session: Session, token_hash: bytes) -> Identity | None:
    """Return the identity of the program that this token was given to, or None where it is unknown or revoked."""
    row = session.connection().execute(_API_TOKEN, {"token_hash": token_hash}).first()
    if row is None:
        return None
    return Identity(kind="token", id=row.public_id, name=row.name, permissions=permissions_of_scopes(row.scopes))


def account_by_email(session: Session, email: str) -> Account | None:
    """Return the account with this address, in whatever case it was typed."""
    return session.scalars(select(Account).where(Account.email == normalized_email(email))).one_or_none()


def normalized_email(email: str) -> str:
    """Return an address as accounts keep it."""
    return email.strip().lower()


def password_hash_of(session: Session, account_id: int) -> str | None:
    """Return the hash that an account's password is compared with, or None where it has no password."""
    return session.scalars(select(Account.password_hash).where(Account.id == account_id)).one()


def roles_of(session: Session, account_id: int) -> frozenset[str]:
    """Return the staff roles of an account."""
    return frozenset(session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id)))


def sessions_of(session: Session, account_id: int, *, now: datetime) -> list[SignedInSession]:
    """Return an account's sessions that have not ended, the one used last first."""
    statement = select(SignedInSession).where(
        SignedInSession.account_id == account_id, SignedInSession.ended_at.is_(None), SignedInSession.expires_at > now
    )
    order = (SignedInSession.last_seen_at.desc(), SignedInSession.id.desc())
    return list(session.scalars(statement.order_by(*order)))


def api_tokens(session: Session) -> list[ApiToken]:
    """Return every program's token, the newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())))


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Whose account a mailed link is for, and what it may be used for."""

    purpose: str
    name: str
    email: str


def owner_of_link(session: Session, token: str, purposes: Collection[str], *, now: datetime) -> LinkOwner:
    """Return whose link this is. Raises LinkEnded where it is unknown, used, too old or for something else."""
    row = session.execute(
        select(OneTimeToken.purpose, Account.name, Account.email)
        .join(Account, Account.id == OneTimeToken.account_id)
        .where(
            OneTimeToken.token_hash == hash_token(token),
            OneTimeToken.purpose.in_(purposes),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
            Account.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        raise LinkEnded
    return LinkOwner(row.purpose, row.name, row.email)
