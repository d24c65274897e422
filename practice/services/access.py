"""Who acts for a client: the client's own sign-in, and guardians with separate rights each, from and until a date.

A guardian is given access by the desk and invited by e-mail. Whoever is not to be written to any more is not sent what
waits in the outbox either.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.ages import BirthDates
from practice.domain.consenting import ConsentRules, decides_alone, is_of_age
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import SYSTEM, Identity
from practice.models import AccessKind, Account, Client, ClientAccess, Practice, SafeContact, TokenPurpose
from practice.queries.accounts import account_by_email
from practice.queries.practice import date_at, the_practice
from practice.services import audit, outbox
from practice.services.accounts import NewAccount, create_account
from practice.services.clients import CHANGEABLE, NOT_AGREED, NewClient, change_client
from practice.services.links import send_link
from practice.services.messages import post

ACTS_ALREADY = "Whoever has this address acts for this client already."
IS_GUARDIAN = "A guardian of this client has this address. Ask for an address of their own."
HAS_SIGN_IN = "This client has a sign-in of their own already."
OF_AGE = "This client is of age, and acts for themselves. Invite them to their own sign-in."
BACKWARDS = "Enter a date that is not before the first one."


@dataclass(frozen=True, slots=True)
class Rights:
    """What a guardian may do, each by itself."""

    can_book: bool = True
    can_see_times: bool = True
    can_consent: bool = True
    can_read: bool = False
    is_written_to: bool = True


ALL_RIGHTS = Rights(can_read=True)


@dataclass(frozen=True, slots=True)
class NewAccess:
    """Somebody who is to act for a client, in what capacity, with which rights, from and until when."""

    email: str
    name: str
    kind: AccessKind
    rights: Rights
    valid_from: date
    valid_until: date | None = None


def rules_of(practice: Practice) -> ConsentRules:
    """Return at what ages, and of how many guardians, consent is asked for."""
    return ConsentRules(practice.majority_age, practice.consents_alone_age, practice.consents_needed)


def invite_to_act(
    session: Session,
    client_id: str,
    new: NewAccess,
    *,
    link_for: Callable[[str], str],
    born_on: BirthDates,
    by: Identity,
    now: datetime,
) -> Account:
    """Let somebody act for a client (a public id), and write to them: with a link to begin with where they are new.

    The same invitation sent twice is one. Raises NotFound, or ValidationFailed where they act for the client already,
    the dates are backwards, or the client is of age and needs no guardian.
    """
    client = _client(session, client_id)
    today = date_at(the_practice(session), now)
    _may_be_given(session, client, new, born_on, today)
    known = account_by_email(session, new.email)
    account = known or create_account(session, NewAccount(new.email, new.name), by=by, now=now)
    row = _access(session, client.id, account.id)
    if row is not None and _is_open(row, today):
        if _is_same(row, new):
            return account
        raise _wrong("email", ACTS_ALREADY if row.kind == new.kind else IS_GUARDIAN)
    if row is None:
        row = ClientAccess(account_id=account.id, client_id=client.id)
        session.add(row)
    row.kind, row.valid_from, row.valid_until = new.kind, new.valid_from, new.valid_until
    _set_rights(row, new.rights, today)
    session.flush()
    _record(session, "access.given", client, account, by=by, now=now, kind=new.kind.value, **asdict(new.rights))
    if account.password_hash is None and account.email_proven_at is None:
        send_link(session, account, TokenPurpose.INVITATION, link_for=link_for, by=by, now=now)
    else:
        post(session, "access_given", account.email, now=now)
    return account


def change_access(
    session: Session,
    client_id: str,
    account_id: str,
    rights: Rights,
    *,
    valid_from: date,
    valid_until: date | None,
    by: Identity,
    now: datetime,
) -> None:
    """Change what a guardian may do, and from and until when; from their next request on. Raises NotFound, or
    ValidationFailed where the dates are backwards.
    """
    client, account, row = _guardian(session, client_id, account_id)
    if valid_until is not None and valid_until < valid_from:
        raise _wrong("valid_until", BACKWARDS)
    today = date_at(the_practice(session), now)
    before = {name: getattr(row, name) for name in (*asdict(rights), "valid_from", "valid_until")}
    _set_rights(row, rights, today)
    row.valid_from, row.valid_until = valid_from, valid_until
    session.flush()
    changed = [name for name, value in before.items() if getattr(row, name) != value]
    if client.email != account.email and not (row.is_written_to and _is_open(row, today)):
        outbox.withdraw_from(session, client.id, account.email)
    if changed:
        _record(session, "access.changed", client, account, by=by, now=now, fields=changed, **asdict(rights))


def end_access(session: Session, client_id: str, account_id: str, *, by: Identity, now: datetime) -> None:
    """End somebody's access today; ended twice it ends once. Raises NotFound."""
    client, account, row = _row(session, client_id, account_id)
    today = date_at(the_practice(session), now)
    if not _is_open(row, today):
        return
    _end(session, row, client, account, today, by=by, now=now, cause="desk")


def end_guardianships(session: Session, *, born_on: BirthDates, now: datetime) -> int:
    """End the access of guardians whose clients have come of age; returns how many ended.

    Nothing is stored before that day: when somebody comes of age would tell when they were born.
    """
    practice = session.scalars(select(Practice)).one_or_none()
    if practice is None:
        return 0
    today, rules = date_at(practice, now), rules_of(practice)
    guardians = session.execute(
        select(ClientAccess, Client, Account)
        .join(Client, Client.id == ClientAccess.client_id)
        .join(Account, Account.id == ClientAccess.account_id)
        .where(
            ClientAccess.kind == AccessKind.GUARDIAN,
            ClientAccess.valid_until.is_(None) | (ClientAccess.valid_until >= today),
            Client.birth_date_sealed.is_not(None),
            Client.erased_at.is_(None),
        )
        .order_by(ClientAccess.id)
    )
    ended = 0
    for row, client, account in guardians.all():
        if is_of_age(born_on(client.wrapped_key, client.public_id, client.birth_date_sealed), rules, today):
            _end(session, row, client, account, today, by=SYSTEM, now=now, cause="of_age")
            _forget_their_address(session, client, account, now)
            ended += 1
    return ended


def _forget_their_address(session: Session, client: Client, account: Account, now: datetime) -> None:
    """Where a guardian's address stands as the client's own, nobody writes to it any more."""
    if (client.email or "").lower() != account.email:
        return
    known = {name: getattr(client, name) for name in CHANGEABLE}
    safe = SafeContact.NONE if client.safe_contact == SafeContact.EMAIL else client.safe_contact
    new = NewClient(**{**known, "email": None, "safe_contact": safe})
    change_client(session, client.public_id, new, by=SYSTEM, now=now)


def _end(
    session: Session,
    row: ClientAccess,
    client: Client,
    account: Account,
    today: date,
    *,
    by: Identity,
    now: datetime,
    cause: str,
) -> None:
    row.valid_until = today - timedelta(days=1)
    row.valid_from = min(row.valid_from, row.valid_until)
    session.flush()
    if row.kind == AccessKind.GUARDIAN and (cause == "of_age" or client.email != account.email):
        outbox.withdraw_from(session, client.id, account.email)
    _record(session, "access.ended", client, account, by=by, now=now, cause=cause)


def _may_be_given(session: Session, client: Client, new: NewAccess, born_on: BirthDates, today: date) -> None:
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise _wrong("valid_until", BACKWARDS)
    if client.awaits_agreement:
        raise _wrong("email", NOT_AGREED)
    born = born_on(client.wrapped_key, client.public_id, client.birth_date_sealed)
    if new.kind == AccessKind.GUARDIAN:
        if is_of_age(born, rules_of(the_practice(session)), today):
            raise _wrong("email", OF_AGE)
        return
    others = select(ClientAccess, Account.email).join(Account, Account.id == ClientAccess.account_id)
    for row, email in session.execute(others.where(ClientAccess.client_id == client.id)):
        if row.kind == AccessKind.SELF and _is_open(row, today) and email != new.email.strip().lower():
            raise _wrong("email", HAS_SIGN_IN)


def reads_by_default(born: date | None, rules: ConsentRules, today: date) -> bool:
    """Whether a new guardian may read a client's answers unless somebody says otherwise: of young children only."""
    return born is not None and not decides_alone(born, rules, today)


def _set_rights(row: ClientAccess, rights: Rights, today: date) -> None:
    for name, value in asdict(rights).items():
        setattr(row, name, value)
    row.reads_since = today if rights.can_read else None


def _client(session: Session, public_id: str) -> Client:
    wanted = select(Client).where(Client.public_id == public_id, Client.erased_at.is_(None))
    found = session.scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def _row(session: Session, client_id: str, account_id: str) -> tuple[Client, Account, ClientAccess]:
    client = _client(session, client_id)
    account = session.scalars(select(Account).where(Account.public_id == account_id)).one_or_none()
    row = _access(session, client.id, account.id) if account else None
    if account is None or row is None:
        raise NotFound
    return client, account, row


def _guardian(session: Session, client_id: str, account_id: str) -> tuple[Client, Account, ClientAccess]:
    client, account, row = _row(session, client_id, account_id)
    if row.kind != AccessKind.GUARDIAN:
        raise NotFound
    return client, account, row


def _access(session: Session, client_id: int, account_id: int) -> ClientAccess | None:
    wanted = select(ClientAccess).where(ClientAccess.client_id == client_id, ClientAccess.account_id == account_id)
    return session.scalars(wanted).one_or_none()


def _is_open(row: ClientAccess, today: date) -> bool:
    """Whether an access is valid today, or will be."""
    return row.valid_until is None or row.valid_until >= today


def _is_same(row: ClientAccess, new: NewAccess) -> bool:
    same_rights = all(getattr(row, name) == value for name, value in asdict(new.rights).items())
    same_dates = (row.valid_from, row.valid_until) == (new.valid_from, new.valid_until)
    return row.kind == new.kind and same_rights and same_dates


def _record(
    session: Session, action: str, client: Client, account: Account, *, by: Identity, now: datetime, **detail: object
) -> None:
    subject = ("client", client.public_id)
    audit.record(session, action, by=by, now=now, subject=subject, account=account.public_id, **detail)


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={field: sentence})
