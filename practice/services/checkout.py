"""Keeping a time while somebody fills in the rest: one browser keeps two at most, and one address not all of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.domain.rule_book import RuleBook
from practice.models import Client, Hold, HoldPurpose, Occupancy
from practice.queries.parties import Party
from practice.services import holds, ledger
from practice.services.booking import Keep, hold_slot
from practice.services.enrolling import hold_course
from practice.services.finding import Wish
from practice.services.hoarding import not_too_many
from practice.services.requests import RequestDetails, open_request
from practice.services.throttle import Limit, note_try

MOST_HOLDS = 2


def keep_time(
    session: Session,
    rules: RuleBook,
    wish: Wish,
    *,
    keep: Keep,
    limits: Iterable[Limit],
    by: Identity,
    now: datetime,
    clients: Collection[int] = (),
) -> tuple[int, str, str]:
    """Hold a time, and return the hold's ids and the public id of the appointment that it keeps.

    ``clients`` (ids) are those who will come, where they are known: rules about them are checked already now. Raises
    TooManyTries where one address has held a lot lately, EnoughHeld where it or the account holds as much as one may,
    and what ``hold_slot`` raises.
    """
    note_try(session, limits, now=now)
    not_too_many(session, keep, by=by, now=now)
    known = session.scalars(select(Client.resource_id).where(Client.id.in_(clients))).all() if clients else ()
    hold, held = hold_slot(session, rules, wish, by=by, now=now, keep=keep, clients=known)
    return hold.id, hold.public_id, held.public_id


def keep_course(
    session: Session,
    rules: RuleBook,
    course: str,
    parties: Sequence[Party],
    *,
    keep: Keep,
    limits: Iterable[Limit],
    by: Identity,
    now: datetime,
) -> tuple[int, str, str]:
    """Hold places in all dates of a course, as ``keep_time`` does in one: what is returned is about the first date.

    ``parties`` are the clients it is for, where they are known.
    """
    note_try(session, limits, now=now)
    not_too_many(session, keep, by=by, now=now)
    hold, held = hold_course(session, rules, course, parties, by=by, now=now, keep=keep)
    return hold.id, hold.public_id, held[0].public_id


def let_go_of_others(session: Session, holder_hash: bytes, hold_id: int, *, now: datetime) -> None:
    """Give back what a browser holds beside its newest time and one more; a time that waits for proof goes last."""
    others = session.execute(
        select(Hold.id, Hold.appointment_id)
        .where(Hold.holder_hash == holder_hash, Hold.id != hold_id, Hold.parent_id.is_(None))
        .order_by((Hold.purpose == HoldPurpose.REQUEST).desc(), Hold.created_at.desc(), Hold.id.desc())
        .offset(MOST_HOLDS - 1)
    ).all()
    give_back(session, {row[0]: row[1] for row in others}, now=now)


def give_back(session: Session, appointments: dict[int, int], *, now: datetime) -> None:
    """Release holds, given as hold id to appointment id, under the locks of what they keep busy."""
    if appointments:
        busy = select(Occupancy.resource_id).where(Occupancy.appointment_id.in_(appointments.values()))
        ledger.lock(session, session.scalars(busy))
        holds.release_holds(session, list(appointments), now)


def keep_longer(session: Session, hold_id: int, until: datetime) -> bool:
    """Keep a held time until later, once. Returns whether it is kept longer now."""
    hold = session.get(Hold, hold_id)
    return hold is not None and until > hold.held_until and holds.extend(session, hold, until)


def let_go(session: Session, hold_id: int, *, now: datetime) -> None:
    """Give back a time that somebody does not want any more."""
    appointment_id = session.scalar(select(Hold.appointment_id).where(Hold.id == hold_id))
    if appointment_id is not None:
        give_back(session, {hold_id: appointment_id}, now=now)


def ask_for_proof(
    session: Session, hold_id: int, details: RequestDetails, *, limits: Iterable[Limit], now: datetime
) -> None:
    """Mail the link and the code. Raises TooManyTries where one address or mailbox had many, and LinkEnded."""
    note_try(session, limits, now=now)
    open_request(session, hold_id, details, now=now)
