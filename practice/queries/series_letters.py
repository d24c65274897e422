"""What a message about a whole series tells of, read when it is written: when, where and with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.models import Location, Series, Therapist
from practice.queries.series import rule_of, sessions_of


@dataclass(frozen=True, slots=True)
class SeriesTold:
    """A series as a message tells of it: the sessions that were to come when it was posted, and those it cancelled."""

    every_weeks: int
    zone: str
    therapist: str
    place: str
    address: str
    directions: str
    is_online: bool
    is_open_ended: bool
    coming: tuple[datetime, ...]
    cancelled: tuple[datetime, ...]


def series_told(session: Session, context: Mapping[str, Any], posted_at: datetime) -> SeriesTold | None:
    """Return the series that a message's context names, or None where it names none."""
    public_id = context.get("series")
    if not public_id:
        return None
    row = session.execute(
        select(Series, Therapist.name, Location)
        .join(Therapist, Therapist.id == Series.therapist_id)
        .outerjoin(Location, Location.id == Series.location_id)
        .where(Series.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    series, therapist = row[0], row[1]
    place: Location | None = row[2]
    sessions = sessions_of(session, series.id)
    rule = rule_of(series)
    return SeriesTold(
        every_weeks=series.every_weeks,
        zone=series.zone,
        therapist=therapist,
        place=place.name if place else "",
        address=place.address if place else "",
        directions=place.directions if place else "",
        is_online=place is None,
        is_open_ended=rule.is_open_ended and series.ended_at is None,
        coming=tuple(each.starts_at for each in sessions if each.is_kept and each.starts_at > posted_at),
        cancelled=tuple(each.starts_at for each in sessions if _at(each.cancelled_at) == context.get("cancelled_at")),
    )


def _at(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "never"
