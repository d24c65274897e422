"""Who would like to be called, and who was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.models import Account, CallRequest, Service, Therapist


@dataclass(frozen=True, slots=True)
class Call:
    """A wish to be called, with what it is about and who answered it, "" where there is nothing."""

    public_id: str
    name: str
    phone: str
    best_time: str
    created_at: datetime
    answered_at: datetime | None
    service: str
    therapist: str
    answered_by: str


def calls_listed(session: Session, *, is_answered: bool, page: int, per_page: int) -> list[Call]:
    """Return a page and one row more where another follows: waiting ones as they came, answered ones newest first."""
    asked = CallRequest.__table__.c
    order = (asked.answered_at.desc(), asked.id.desc()) if is_answered else (asked.created_at, asked.id)
    rows = session.execute(
        select(
            asked.public_id,
            asked.name,
            asked.phone,
            asked.best_time,
            asked.created_at,
            asked.answered_at,
            func.coalesce(Service.name, ""),
            func.coalesce(Therapist.name, ""),
            func.coalesce(Account.name, ""),
        )
        .outerjoin_from(CallRequest, Service, Service.id == asked.service_id)
        .outerjoin(Therapist, Therapist.id == asked.therapist_id)
        .outerjoin(Account, Account.id == asked.answered_by)
        .where(asked.answered_at.is_not(None) if is_answered else asked.answered_at.is_(None))
        .order_by(*order)
        .offset((page - 1) * per_page)
        .limit(per_page + 1)
    )
    return [Call(*row) for row in rows]


def was_answered(session: Session, public_id: str) -> bool:
    """Whether the desk noted of this wish that it was answered."""
    return bool(
        session.scalar(
            select(CallRequest.id).where(CallRequest.public_id == public_id, CallRequest.answered_at.is_not(None))
        )
    )
