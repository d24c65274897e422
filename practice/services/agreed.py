"""What was agreed with one client about money: their own fee, and whether cancelling late costs them anything."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.permissions import Identity
from practice.models import Client
from practice.services import audit


def agree(
    session: Session, public_id: str, fee_cents: int | None, *, no_late_fees: bool, by: Identity, now: datetime
) -> None:
    """Keep what was agreed with a client; ``fee_cents`` None is the usual price. What is booked keeps its price.

    Raises NotFound.
    """
    client = session.scalars(select(Client).where(Client.public_id == public_id).with_for_update()).one_or_none()
    if client is None or client.erased_at is not None:
        raise NotFound
    wanted = {"agreed_fee_cents": fee_cents, "no_late_fees": no_late_fees}
    changed = [name for name, value in wanted.items() if getattr(client, name) != value]
    for name in changed:
        setattr(client, name, wanted[name])
    if changed:
        session.flush()
        audit.record(session, "client.changed", by=by, now=now, subject=("client", public_id), fields=changed)
