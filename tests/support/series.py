"""Series for tests, made as the application makes them."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from practice.db import db, unit_of_work
from practice.domain.series import Rule
from practice.models import Appointment
from practice.queries.busy import current_rules
from practice.services.series import Answer, MadeSeries, repeat_appointment
from practice.services.series_plan import Pattern
from tests.support.cast import Cast
from tests.support.sessions import booked


def pattern_for(first: Appointment, *, skips_closures: bool = True, **rule: object) -> Pattern:
    """Return the pattern that begins with a session: weekly, in its zone's wall time."""
    local = first.starts_at.astimezone(ZoneInfo(first.zone))
    return Pattern(
        rule=Rule(first.zone, local.hour * 60 + local.minute, local.date(), **rule),  # type: ignore[arg-type]
        service_id=first.service_id,
        therapist_id=first.lead.id,
        modality="online" if first.location_id is None else "in_person",
        location_id=first.location_id,
        duration_minutes=int((first.ends_at - first.starts_at).total_seconds()) // 60,
        skips_closures=skips_closures,
        room_id=first.room_id,
    )


def repeated(
    cast: Cast,
    first: Appointment,
    *,
    now: datetime,
    answers: Mapping[date, Answer] | None = None,
    skips_closures: bool = True,
    **rule: object,
) -> MadeSeries:
    """Make a session the first of a series, with the desk's rights."""
    rules = current_rules(db.session())
    pattern = pattern_for(first, skips_closures=skips_closures, **rule)
    with unit_of_work() as session:
        return repeat_appointment(
            session, rules, first.public_id, pattern, answers or {}, by=cast.identity("dee"), now=now
        )


def weekly(cast: Cast, starts_at: datetime, *, now: datetime, modality: str = "online", **rule: object) -> MadeSeries:
    """Book a session for Alice with Bob and repeat it weekly."""
    return repeated(cast, booked(cast, starts_at, now=now, modality=modality), now=now, **rule)
