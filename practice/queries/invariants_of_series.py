"""What must hold of series and of the sessions that belong to them: more invariants of ``check``."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from practice.domain.lifecycle import LIVE
from practice.models import Appointment, Attendance, Decision, DecisionKind, Series, SeriesClient


def of_series() -> Iterator[tuple[str, str, Select[int]]]:
    """Yield a sentence, whose ids are found, and the statement that finds those for which it is true."""
    yield (
        "A session has a series and no place in it, or a place in none",
        "appointment",
        select(Appointment.id).where(Appointment.series_id.is_(None) != Appointment.original_starts_at.is_(None)),
    )
    for sentence, condition in _sessions():
        yield (
            sentence,
            "appointment",
            select(Appointment.id).join(Series, Series.id == Appointment.series_id).where(condition),
        )
    yield (
        "A question about a series names no date of it",
        "decision",
        select(Decision.id).where(
            Decision.kind == DecisionKind.SERIES,
            or_(Decision.series_id.is_(None), Decision.original_starts_at.is_(None)),
        ),
    )
    yield (
        "A series that goes on has nobody who comes to it",
        "series",
        select(Series.id).where(Series.ended_at.is_(None), ~exists().where(SeriesClient.series_id == Series.id)),
    )


def _sessions() -> Iterator[tuple[str, ColumnElement[bool]]]:
    comes = exists().where(
        SeriesClient.series_id == Appointment.series_id, SeriesClient.client_id == Attendance.client_id
    )
    stranger = exists().where(
        Attendance.appointment_id == Appointment.id,
        Attendance.status.in_(LIVE),
        ~comes.correlate(Appointment, Attendance),
    )
    is_booked = Appointment.status == "booked"
    yield "A session is of another service than its series", Appointment.service_id != Series.service_id
    yield "Somebody comes to a session of a series who does not come to the series", and_(is_booked, stranger)
    yield "A session has a lower number than its series", and_(is_booked, Appointment.sequence < Series.sequence)
