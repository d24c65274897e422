"""What a client may say on the day: that they are here, or how late they will be."""

from datetime import datetime, timedelta
from typing import Final

HERE_FROM: Final = timedelta(minutes=60)
LATE_FROM: Final = timedelta(hours=3)
LATE_BY: Final = (5, 10, 15, 20, 30)


def may_say_here(status: str, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether "I'm here" makes sense: from an hour before the start until the end, while nothing else is noted."""
    return status == "booked" and starts_at - HERE_FROM <= now < ends_at


def may_say_late(status: str, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether "Running late" makes sense: from three hours before the start until the end, until they have arrived."""
    return status == "booked" and starts_at - LATE_FROM <= now < ends_at


def may_take_back(status: str, status_at: datetime, said_at: datetime | None, ends_at: datetime, now: datetime) -> bool:
    """Whether "I'm here" was said by the client, and can be taken back by them: never what the desk noted."""
    return status == "arrived" and said_at == status_at and now < ends_at
