"""What a demo practice is made from, and the repeatable chance that makes it."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any
from uuid import UUID

from practice.domain.intervals import instant
from practice.domain.weekly_hours import minute_of

ZONE = "America/New_York"

# Called with what is done next and how many steps it has; entered, it gives a function that counts steps.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], Any]]]


@dataclass(frozen=True)
class Plan:
    """How large the practice is and which one of its size: the same plan always makes the same practice.

    ``weeks`` lie half before ``today`` and half after it; ``occupancy`` is the share of open time that is booked.
    """

    today: date
    therapists: int = 6
    clients: int = 180
    weeks: int = 8
    occupancy: float = 0.6
    seed: int = 1

    @property
    def first(self) -> date:
        """The first date with appointments."""
        return self.today - timedelta(days=self.weeks * 7 // 2)

    @property
    def last(self) -> date:
        """The last date with appointments."""
        return self.first + timedelta(days=self.weeks * 7 - 1)

    @cached_property
    def now(self) -> datetime:
        """The instant at which the practice is made: this morning, before anybody comes."""
        return instant(minute_of(ZONE, self.today, 5 * 60))

    def monday(self, weeks: int) -> date:
        """Return the Monday of the week ``weeks`` after today's."""
        return self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=weeks)

    def chance(self, purpose: str) -> Random:
        """Return a source of repeatable chance for one purpose, so that one part does not move another."""
        return Random(f"{self.seed}:{purpose}")

    def public_id(self, table: str, number: int) -> str:
        """Return a row's public id: as opaque as any, and the same each time."""
        return urlsafe_b64encode(self._digest(table, number)[:12]).decode()

    def uid(self, table: str, number: int) -> str:
        """Return a row's calendar UID."""
        return str(UUID(bytes=self._digest(table, number), version=4))

    def _digest(self, table: str, number: int) -> bytes:
        return blake2b(f"{self.seed}:{table}:{number}".encode(), digest_size=16).digest()
