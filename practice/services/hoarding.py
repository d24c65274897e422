"""So that nobody keeps all the times there are: what one account and one network may hold at once, beside a browser."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from practice.domain.errors import EnoughHeld
from practice.domain.permissions import Identity
from practice.models import Hold
from practice.services.booking import Keep
from practice.services.throttle import wait_for

# What the same browser holds is not counted: a new time of its own takes the place of its oldest one.
MOST_ELSEWHERE = 2
MOST_IN_A_NETWORK = 20


def not_too_many(session: Session, keep: Keep, *, by: Identity, now: datetime) -> None:
    """Raise EnoughHeld where this account keeps two times in other browsers already, or its network twenty.

    A hold that ended does not count, whoever has come by since. Two who ask at the same moment are told one after the
    other.
    """
    if by.account_id is not None:
        wait_for(session, f"holds of {by.account_id}".encode())
        _count(session, Hold.account_id == by.account_id, MOST_ELSEWHERE, keep, now)
    if keep.network_hash is not None:
        wait_for(session, keep.network_hash)
        _count(session, Hold.network_hash == keep.network_hash, MOST_IN_A_NETWORK, keep, now)


def _count(session: Session, whose: ColumnElement[bool], most: int, keep: Keep, now: datetime) -> None:
    count, first = session.execute(
        select(func.count(), func.min(Hold.held_until)).where(
            whose, Hold.held_until > now, Hold.holder_hash != keep.holder_hash, Hold.parent_id.is_(None)
        )
    ).one()
    if count >= most:
        raise EnoughHeld(retry_after=max(1, int((first - now).total_seconds())))
