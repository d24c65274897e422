"""The practice's own row: its policies, and its date."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.models import Practice


def the_practice(session: Session) -> Practice:
    """Return the practice. Raises NotFound before one is set up."""
    found = session.scalars(select(Practice)).one_or_none()
    if found is None:
        raise NotFound("This practice is not set up yet.")
    return found


def date_at(practice: Practice, now: datetime) -> date:
    """Return the date on the practice's own clock."""
    return now.astimezone(ZoneInfo(practice.zone)).date()
