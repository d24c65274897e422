"""Series: what repeats, which sessions belong to it, and where one of them stands among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import GIVEN_UP, OPEN
from practice.domain.policy import Terms, terms_of
from practice.domain.series import Rule, last_date
from practice.models import (
    Appointment,
    AppointmentStatus,
    Attendance,
    Client,
    Location,
    Occupancy,
    Series,
    SeriesClient,
    Service,
    Therapist,
)


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
    room_id: int | None
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
class OpenPlace:
    """A client's place in a session that is still to come, and what was agreed with them."""

    id: int
    status: str
    client_id: int
    moved_late_at: datetime | None
    appointment_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    kind: str
    agreed_fee_cents: int | None
    no_late_fees: bool

    def terms(self, free_cancel_hours: int, late_fee_cents: int) -> Terms:
        """Return what giving it up costs, by the practice's hours and fee."""
        return terms_of(
            free_cancel_hours,
            late_fee_cents,
            kind=self.kind,
            agreed_fee_cents=self.agreed_fee_cents,
            no_late_fees=self.no_late_fees,
            late_since=self.moved_late_at,
        )


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
    for row in rows:
        values: list[Any] = list(row)
        each, status = InSeries(*values[:-1]), values[-1]
        found.append(replace(each, status=AppointmentStatus.CANCELLED) if status in GIVEN_UP else each)
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
            Appointment.room_id,
        )
        .where(Appointment.series_id == series_id)
        .order_by(Appointment.original_starts_at, Appointment.id)
    )


@dataclass(frozen=True, slots=True)
class Named:
    """What a series names: its service, its therapist and its place, "" online."""

    service: str
    therapist: str
    place: str


def named_in(session: Session, series: Series) -> Named:
    """Return the names of what a series is, whether or not it is still offered."""
    row = session.execute(
        select(Service.name, Therapist.name, func.coalesce(Location.name, ""))
        .select_from(Series)
        .join(Service, Service.id == Series.service_id)
        .join(Therapist, Therapist.id == Series.therapist_id)
        .outerjoin(Location, Location.id == Series.location_id)
        .where(Series.id == series.id)
    ).one()
    return Named(*row)


def open_places(session: Session, appointment_ids: Sequence[int]) -> list[OpenPlace]:
    """Return the places in some sessions that are not given up, by start."""
    rows = session.execute(
        select(
            Attendance.id,
            Attendance.status,
            Attendance.client_id,
            Attendance.moved_late_at,
            Appointment.id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.zone,
            Service.kind,
            Client.agreed_fee_cents,
            Client.no_late_fees,
        )
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(Attendance.appointment_id.in_(appointment_ids), Attendance.status.in_(OPEN))
        .order_by(Appointment.starts_at, Attendance.id)
    )
    return [OpenPlace(*row) for row in rows]


def people_of(session: Session, series_id: int) -> Sequence[Client]:
    """Return who comes to a series."""
    return session.scalars(
        select(Client)
        .join(SeriesClient, SeriesClient.client_id == Client.id)
        .where(SeriesClient.series_id == series_id)
        .order_by(Client.id)
    ).all()


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
