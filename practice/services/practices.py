"""Setting up a real practice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep
from practice.domain.permissions import SYSTEM
from practice.models import Practice
from practice.services import audit


@dataclass(frozen=True, slots=True)
class NewPractice:
    """What a practice cannot be without; all else has defaults that the admin pages change."""

    name: str
    zone: str
    email: str = ""


def create_practice(session: Session, new: NewPractice, *, now: datetime) -> None:
    """Make the one practice, without people, places or services. Raises ImpossibleStep where there is one."""
    if session.scalar(select(exists().where(Practice.id == 1))):
        raise ImpossibleStep("There is a practice in this database already. Nothing was changed.")
    session.add(Practice(id=1, name=new.name, zone=new.zone, email=new.email, created_at=now))
    session.flush()
    audit.record(session, "practice.created", by=SYSTEM, now=now)
