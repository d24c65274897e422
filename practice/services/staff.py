"""The people who work here: inviting them, what they work as, and letting them go. Somebody is always admin."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Account, AccountRole, ClientAccess, Listing, OneTimeToken, Role, Therapist, TokenPurpose
from practice.models import Session as SignedInSession
from practice.queries.accounts import account_by_email, roles_of
from practice.queries.practice import the_practice
from practice.services import accounts
from practice.services.audit import record
from practice.services.keeping import take_turns
from practice.services.links import end_links, send_link
from practice.services.team import TherapistDetails, add_therapist

NEW_PROFILE = "new"
CHOOSE_PROFILE = "Choose whose profile it is, or a new one."
NO_PROFILE = "Choose Therapist too, or leave this empty."
LAST_ADMIN = "Somebody has to be admin. Make another person admin first."
USED = "This invitation was used already."


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody works as. ``therapist`` is the slug of their profile, NEW_PROFILE for one to be made, or ""."""

    roles: frozenset[str]
    therapist: str = ""


def invite(
    session: Session, email: str, name: str, work: Work, *, link_for: Callable[[str], str], by: Identity, now: datetime
) -> Account:
    """Make an account for somebody of the practice and send them a link to choose a password with.

    The same invitation sent twice is one. Raises ValidationFailed where the e-mail or the profile has an account.
    """
    take_turns(session)
    known = account_by_email(session, email)
    if known is not None and is_waiting(known) and known.name == name and roles_of(session, known.id) == work.roles:
        return known
    account = accounts.create_account(session, accounts.NewAccount(email, name), by=by, now=now)
    change_work(session, account, work, by=by, now=now)
    send_link(session, account, TokenPurpose.INVITATION, link_for=link_for, by=by, now=now)
    return account


def invite_again(
    session: Session, account: Account, *, link_for: Callable[[str], str], by: Identity, now: datetime
) -> None:
    """Send a new link; earlier ones end. Raises ImpossibleStep where the account is in use, or closed."""
    if not is_waiting(account) or account.disabled_at is not None:
        raise ImpossibleStep(USED)
    end_links(session, account.id, [TokenPurpose.INVITATION], now=now)
    send_link(session, account, TokenPurpose.INVITATION, link_for=link_for, by=by, now=now)


def withdraw(session: Session, account: Account, *, by: Identity, now: datetime) -> None:
    """Take an invitation back as if it had never been: its links end, its e-mail and profile are free again.

    Raises ImpossibleStep where somebody used it, and ValidationFailed for the last admin.
    """
    signed_in = exists().where(SignedInSession.account_id == account.id)
    acts_for_clients = exists().where(ClientAccess.account_id == account.id)
    if not is_waiting(account) or session.scalar(select(or_(signed_in, acts_for_clients))):
        raise ImpossibleStep(USED)
    keep_an_admin(session, account)
    session.execute(update(Therapist).where(Therapist.account_id == account.id).values(account_id=None))
    session.execute(delete(OneTimeToken).where(OneTimeToken.account_id == account.id))
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    session.execute(delete(Account).where(Account.id == account.id))
    record(session, "account.withdrawn", by=by, now=now, subject=("account", account.public_id))


def change_work(session: Session, account: Account, work: Work, *, by: Identity, now: datetime) -> None:
    """Let an account work as this, from its next request on. A therapist has a profile, and only a therapist has one.

    Raises ValidationFailed where that is not so, where the profile is another account's, and for the last admin.
    """
    take_turns(session)
    own = session.scalars(select(Therapist).where(Therapist.account_id == account.id)).one_or_none()
    is_therapist = Role.THERAPIST in work.roles
    if is_therapist and not work.therapist and own is None:
        raise _wrong("therapist", CHOOSE_PROFILE)
    if not is_therapist and work.therapist:
        raise _wrong("therapist", NO_PROFILE)
    if Role.ADMIN not in work.roles:
        keep_an_admin(session, account)
    accounts.set_roles(session, account, work.roles, by=by, now=now)
    if work.therapist or not is_therapist:
        _give_profile(session, account, own, work.therapist, by=by, now=now)


def close(session: Session, account: Account, *, by: Identity, now: datetime) -> None:
    """Close an account: whoever uses it is signed out at once. Raises ValidationFailed for the last admin."""
    keep_an_admin(session, account)
    accounts.disable_account(session, account, by=by, now=now)


def is_waiting(account: Account) -> bool:
    """Whether nobody has used the account yet."""
    return account.password_hash is None and account.email_proven_at is None


def keep_an_admin(session: Session, account: Account) -> None:
    """Raise ValidationFailed where no admin would be left without ``account``: open, and able to sign in."""
    take_turns(session)
    ids = set(session.scalars(select(AccountRole.account_id).where(AccountRole.role == Role.ADMIN)))
    if account.id not in ids:
        return
    others = select(Account).where(Account.id.in_(ids - {account.id}), Account.disabled_at.is_(None))
    if all(is_waiting(each) for each in session.scalars(others)):
        raise _wrong("roles", LAST_ADMIN)


def _give_profile(
    session: Session, account: Account, own: Therapist | None, slug: str, *, by: Identity, now: datetime
) -> None:
    if own is not None and own.slug != slug:
        own.account_id = None
        record(session, "therapist.account_left", by=by, now=now, subject=("therapist", own.public_id))
    session.flush()
    if not slug:
        return
    profile = _new_profile(session, account.name, by=by, now=now) if slug == NEW_PROFILE else _profile(session, slug)
    if profile.account_id not in (None, account.id):
        raise _wrong("therapist", accounts.THERAPIST_TAKEN)
    profile.account_id = account.id
    session.flush()
    record(session, "therapist.account_given", by=by, now=now, subject=("therapist", profile.public_id))


def _profile(session: Session, slug: str) -> Therapist:
    found = session.scalars(select(Therapist).where(Therapist.slug == slug)).one_or_none()
    if found is None:
        raise _wrong("therapist", accounts.THERAPIST_UNKNOWN)
    return found


def _new_profile(session: Session, name: str, *, by: Identity, now: datetime) -> Therapist:
    """Make a profile that only staff see until an admin has looked at it."""
    zone = the_practice(session).zone
    details = TherapistDetails(name, zone, Listing.STAFF, takes_new_clients=True)
    return add_therapist(session, details, by=by, now=now)


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={field: sentence})


def named(session: Session, public_id: str) -> Account:
    """Return the account of somebody who works here. Raises NotFound."""
    works_here = exists().where(AccountRole.account_id == Account.id)
    found = session.scalars(select(Account).where(Account.public_id == public_id, works_here)).one_or_none()
    if found is None:
        raise NotFound
    return found
