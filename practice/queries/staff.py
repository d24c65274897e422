"""Who works here, as admins see it: accounts with their roles, profiles and invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from practice.models import Account, AccountRole, OneTimeToken, Therapist, TokenPurpose
from practice.queries.setup import Part, part_of


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. ``invited_until`` is the end of the newest link that nobody used, if there is one."""

    account: Account
    roles: frozenset[str]
    profile: Therapist | None
    invited_until: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has used the account yet."""
        return self.account.password_hash is None and self.account.email_proven_at is None


def staff(session: Session, page: int) -> Part[Person]:
    """Return one page of the people who work here, open accounts first, then by name."""
    found = part_of(session, _works_here().order_by(Account.disabled_at.is_not(None), Account.name, Account.id), page)
    return Part(_persons(session, found.rows), found.total)


def person(session: Session, public_id: str) -> Person | None:
    """Return one of the people who work here, or None."""
    found = session.scalars(_works_here().where(Account.public_id == public_id)).all()
    return next(iter(_persons(session, found)), None)


def profiles_without_account(session: Session) -> Sequence[Therapist]:
    """Return the therapists in use whom no account belongs to, by name."""
    free = select(Therapist).where(Therapist.account_id.is_(None), Therapist.archived_at.is_(None))
    return session.scalars(free.order_by(Therapist.name, Therapist.id)).all()


def _works_here() -> Select[Account]:
    is_staff = exists().where(AccountRole.account_id == Account.id)
    return select(Account).where(is_staff).options(selectinload(Account.roles))


def _persons(session: Session, accounts: Sequence[Account]) -> tuple[Person, ...]:
    ids = [each.id for each in accounts]
    profiles = {
        each.account_id: each for each in session.scalars(select(Therapist).where(Therapist.account_id.in_(ids)))
    }
    links = _open_links(session, ids)
    return tuple(
        Person(each, frozenset(role.role for role in each.roles), profiles.get(each.id), links.get(each.id))
        for each in accounts
    )


def _open_links(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(OneTimeToken.account_id, func.max(OneTimeToken.expires_at))
        .where(
            OneTimeToken.account_id.in_(account_ids),
            OneTimeToken.purpose == TokenPurpose.INVITATION,
            OneTimeToken.used_at.is_(None),
        )
        .group_by(OneTimeToken.account_id)
    )
    return {account_id: expires_at for account_id, expires_at in rows if account_id is not None}
