"""Series: what repeats, which sessions belong to it, and where one of them stands among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import GIVEN_UP
from practice.domain.series import Rule, last_date
from practice.models import Appointment, AppointmentStatus, Attendance, Client, Occupancy, Series, SeriesClient


@dataclass(frozen=True, slots=True)
class InSeries:
    """One session of a series. ``attendance`` is the public id of the place that was asked for, or empty."""

    id: int
    public_id: str
    original_starts_at: datetime
    starts_at: datetime
    ends_at: datetime
    status: str
    cancelled_at: datetime | None
    attendance: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it takes place."""
        return self.status == AppointmentStatus.BOOKED

    @property
    def is_moved(self) -> bool:
        """Whether it is at another time than the series says."""
        return self.starts_at != self.original_starts_at


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stands in its series: the how manieth of those that are kept, and of how many."""

    number: int
    total: int


def rule_of(series: Series) -> Rule:
    """Return when a series is."""
    return Rule(
        zone=series.zone,
        start_minute=series.start_minute,
        starts_on=series.starts_on,
        every_weeks=series.every_weeks,
        ends_on=series.ends_on,
        times=series.times,
    )


def series_by_public_id(session: Session, public_id: str) -> Series | None:
    """Return one series, or None."""
    return session.scalars(select(Series).where(Series.public_id == public_id)).one_or_none()


def series_by_id(session: Session, series_id: int | None) -> Series | None:
    """Return one series, or None where there is none."""
    return None if series_id is None else session.get(Series, series_id)


def sessions_of(session: Session, series_id: int) -> list[InSeries]:
    """Return all sessions of a series, cancelled ones too, in the order of the series."""
    return [InSeries(*row) for row in session.execute(_sessions(series_id))]


def places_of(session: Session, series_id: int, client_ids: Sequence[int]) -> list[InSeries]:
    """Return the sessions of a series in which clients have a place or had one; a place given up is cancelled."""
    rows = session.execute(
        _sessions(series_id)
        .add_columns(Attendance.public_id, Attendance.status)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Attendance.client_id.in_(client_ids))
    )
    found = []
    for *row, attendance, status in rows:
        number, public_id, original, starts_at, ends_at, standing, cancelled_at = row
        standing = AppointmentStatus.CANCELLED if status in GIVEN_UP else standing
        found.append(InSeries(number, public_id, original, starts_at, ends_at, standing, cancelled_at, attendance))
    return found


def _sessions(series_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.original_starts_at,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.status,
            Appointment.cancelled_at,
        )
        .where(Appointment.series_id == series_id)
        .order_by(Appointment.original_starts_at, Appointment.id)
    )


def standing_of(session: Session, series_id: int, original: datetime) -> Standing:
    """Return where the session with this original start stands among those of its series that are kept."""
    up_to = func.count().filter(Appointment.original_starts_at <= original)
    row = session.execute(
        select(up_to, func.count()).where(
            Appointment.series_id == series_id, Appointment.status == AppointmentStatus.BOOKED
        )
    ).one()
    return Standing(*row)


def clients_of(session: Session, series_id: int) -> list[int]:
    """Return the ids of those who come to a series, but for who was archived or erased."""
    return list(
        session.scalars(
            select(SeriesClient.client_id)
            .join(Client, Client.id == SeriesClient.client_id)
            .where(SeriesClient.series_id == series_id, Client.archived_at.is_(None), Client.erased_at.is_(None))
            .order_by(SeriesClient.client_id)
        )
    )


def resources_of_series(session: Session, series_id: int) -> list[int]:
    """Return all resources that the sessions of a series keep busy."""
    return list(
        session.scalars(
            select(Occupancy.resource_id)
            .join(Appointment, Appointment.id == Occupancy.appointment_id)
            .where(Appointment.series_id == series_id)
            .distinct()
        )
    )


def series_to_extend(session: Session, today: date) -> list[int]:
    """Return the open-ended series of which a date is due to be made, oldest first."""
    horizon = last_date(Rule("UTC", 0, today), today)
    rows = session.scalars(
        select(Series)
        .where(
            and_(Series.ends_on.is_(None), Series.times.is_(None), Series.ended_at.is_(None)),
            Series.filled_until < horizon,
        )
        .order_by(Series.id)
    )
    return [each.id for each in rows if any(on > each.filled_until for on in rule_of(each).dates(horizon))]
