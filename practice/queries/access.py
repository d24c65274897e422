"""Who acts for a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from practice.models import AccessKind, Account, ClientAccess


@dataclass(frozen=True, slots=True)
class Access:
    """An account that acts for a client, with what it may do, from and until when.

    ``is_waiting`` is whether nobody has used the account yet.
    """

    public_id: str
    account_id: int
    name: str
    email: str
    kind: str
    can_book: bool
    can_see_times: bool
    can_consent: bool
    can_read: bool
    reads_since: date | None
    is_written_to: bool
    valid_from: date
    valid_until: date | None
    is_waiting: bool

    def is_open(self, today: date) -> bool:
        """Whether it is valid today, or will be."""
        return self.valid_until is None or self.valid_until >= today


def access_to(session: Session, client_id: int) -> Sequence[Access]:
    """Return who acts, or acted, for a client: the client's own account first, then by name. One statement."""
    rows = session.execute(
        select(
            Account.public_id,
            Account.id,
            Account.name,
            Account.email,
            ClientAccess.kind,
            ClientAccess.can_book,
            ClientAccess.can_see_times,
            ClientAccess.can_consent,
            ClientAccess.can_read,
            ClientAccess.reads_since,
            ClientAccess.is_written_to,
            ClientAccess.valid_from,
            ClientAccess.valid_until,
            and_(Account.password_hash.is_(None), Account.email_proven_at.is_(None)),
        )
        .join(Account, Account.id == ClientAccess.account_id)
        .where(ClientAccess.client_id == client_id, Account.disabled_at.is_(None))
        .order_by(case((ClientAccess.kind == AccessKind.SELF, 0), else_=1), Account.name, Account.id)
    )
    return [Access(*tuple(row)) for row in rows]
