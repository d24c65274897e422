"""What must hold of series, and only the calendar can tell: their sessions lie on their dates, and are not too many."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.models import Appointment, AppointmentStatus, Series
from practice.queries.series import rule_of


def wrong_dates(session: Session) -> Iterator[int]:
    """Yield the sessions of series (ids) whose original start is on no date of the rule, or past what was made."""
    for series in session.scalars(select(Series).order_by(Series.id)):
        rule = rule_of(series)
        rows = session.execute(
            select(Appointment.id, Appointment.original_starts_at)
            .where(Appointment.series_id == series.id, Appointment.original_starts_at.is_not(None))
            .order_by(Appointment.id)
        )
        for number, original in rows:
            on = rule.date_of(original) if original else None
            if on is None or on > series.filled_until:
                yield number


def overfull(session: Session) -> Iterator[int]:
    """Yield the series (ids) with more sessions that take place than they are for."""
    kept = func.count().filter(Appointment.status == AppointmentStatus.BOOKED)
    yield from session.scalars(
        select(Series.id)
        .join(Appointment, Appointment.series_id == Series.id)
        .where(Series.times.is_not(None))
        .group_by(Series.id, Series.times)
        .having(kept > Series.times)
        .order_by(Series.id)
    )
