"""Whether two rows of hours share a minute, whatever their zones."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from practice.domain.intervals import overlaps
from practice.domain.rule_book import Hours
from practice.domain.weekly_hours import span_on
from practice.models import Availability


@dataclass(frozen=True, slots=True)
class Row:
    """Hours on the wall with the zone of their place; ``location_id`` None is online only."""

    start_minute: int
    end_minute: int
    zone: str
    location_id: int | None
    is_online: bool

    @classmethod
    def of(cls, row: Availability) -> "Row":
        """Return the hours of a weekly row."""
        return cls(row.start_minute, row.end_minute, row.zone, row.location_id, row.is_online)

    @property
    def hours(self) -> Hours:
        """Return the hours as the rule book has them."""
        return Hours(self.start_minute, self.end_minute, self.zone, self.location_id, self.is_online)

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns that weekly rows and single dates have in common."""
        return {
            "start_minute": self.start_minute,
            "end_minute": self.end_minute,
            "zone": self.zone,
            "location_id": self.location_id,
            "is_online": self.is_online,
        }


def meets(one: Row, on: date, other: Row, other_on: date) -> bool:
    """Whether the two share a minute on these dates."""
    first, second = span_on(one.hours, on), span_on(other.hours, other_on)
    return first is not None and second is not None and overlaps(first, second)
