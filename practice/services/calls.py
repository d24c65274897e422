"""People who would like to be called: what they ask for, and that the desk called them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.permissions import Identity
from practice.models import CallRequest
from practice.services import audit
from practice.services.throttle import Limit, note_try

KEPT_AFTER_THE_CALL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CallWish:
    """Whom to call, where and when; ``phone`` is E.164. What it is about may be open."""

    name: str
    phone: str
    best_time: str
    service_id: int | None = None
    therapist_id: int | None = None


def ask_for_call(session: Session, wish: CallWish, *, limits: Iterable[Limit], by: Identity, now: datetime) -> str:
    """Note a wish and return its public id. Asked again before the call, it is the same wish, as it was said last.

    Raises TooManyTries.
    """
    note_try(session, limits, now=now)
    same = select(CallRequest).where(
        CallRequest.phone == wish.phone, CallRequest.name == wish.name, CallRequest.answered_at.is_(None)
    )
    request = session.scalars(same.order_by(CallRequest.id).limit(1)).one_or_none()
    if request is None:
        request = CallRequest(name=wish.name, phone=wish.phone, created_at=now)
        session.add(request)
    request.best_time = wish.best_time
    request.service_id, request.therapist_id = wish.service_id, wish.therapist_id
    session.flush()
    audit.record(session, "call.asked", by=by, now=now, subject=("call_request", request.public_id))
    return request.public_id


def note_answered(session: Session, public_id: str, *, is_answered: bool, by: Identity, now: datetime) -> None:
    """Note that somebody was called, or take that back. Said twice it changes nothing. Raises NotFound."""
    request = session.scalars(
        select(CallRequest).where(CallRequest.public_id == public_id).with_for_update()
    ).one_or_none()
    if request is None:
        raise NotFound
    if (request.answered_at is not None) == is_answered:
        return
    request.answered_at = now if is_answered else None
    request.answered_by = by.account_id if is_answered else None
    session.flush()
    action = "call.answered" if is_answered else "call.reopened"
    audit.record(session, action, by=by, now=now, subject=("call_request", public_id))


def forget_old_calls(session: Session, *, now: datetime) -> None:
    """Delete names and numbers some weeks after the call; the worker calls it."""
    session.execute(delete(CallRequest).where(CallRequest.answered_at < now - KEPT_AFTER_THE_CALL))
