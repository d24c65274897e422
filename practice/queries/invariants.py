"""What must hold on a live database: for each invariant a statement that finds the rows that break it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, and_, cast, exists, func, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from practice.domain.lifecycle import LIVE, OPEN
from practice.domain.reasons import Code
from practice.models import (
    Appointment,
    AppointmentTherapist,
    Attendance,
    Client,
    ClientSearch,
    Estimate,
    Hold,
    Lead,
    Occupancy,
    Resource,
    ResourceKind,
    Room,
    Service,
    ServiceKind,
    Therapist,
)
from practice.models.base import UtcDateTime
from practice.queries.invariants_of_access import of_access
from practice.queries.invariants_of_groups import of_groups
from practice.queries.invariants_of_policy import of_policy
from practice.queries.invariants_of_series import of_series

LIVE_APPOINTMENT = ("held", "requested", "booked")


class later(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """An instant, some minutes later: ``later(instant, minutes)``, as each database stores instants."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(later, "sqlite")
def _later_sqlite(element: later, compiler: SQLCompiler, **options: Any) -> str:
    at, minutes = (compiler.process(clause, **options) for clause in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f000', {at}, ({minutes}) || ' minutes')"


@compiles(later, "postgresql")
def _later_postgresql(element: later, compiler: SQLCompiler, **options: Any) -> str:
    at, minutes = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({at} + make_interval(mins => ({minutes})::int))"


@dataclass(frozen=True)
class Invariant:
    """A sentence that is true when ``rows`` finds something; ``rows`` selects ids of ``subject``."""

    sentence: str
    subject: str
    rows: Select[int]


def invariants() -> Iterator[Invariant]:
    """Yield every invariant that one statement decides."""
    yield from _ledger()
    yield from _agreement()
    yield from _buffers()
    yield from _places()
    yield from _resources()
    yield from _appointments()
    yield from _seen()
    yield from _estimates()
    yield from (Invariant(*each) for each in of_policy())
    yield from (Invariant(*each) for each in of_series())
    yield from (Invariant(*each) for each in of_groups())
    yield from (Invariant(*each) for each in of_access())


def _estimates() -> Iterator[Invariant]:
    place = exists().where(
        Attendance.appointment_id == Estimate.appointment_id, Attendance.client_id == Estimate.client_id
    )
    yield Invariant(
        "An estimate was given that was never written",
        "estimate",
        select(Estimate.id).where(Estimate.given_at.is_not(None), Estimate.made_at.is_(None)),
    )
    yield Invariant(
        "An estimate is about no session of its client",
        "estimate",
        select(Estimate.id).where(
            or_(
                and_(Estimate.appointment_id.is_(None), Estimate.series_id.is_(None)),
                and_(Estimate.appointment_id.is_not(None), ~place),
            )
        ),
    )


def _expected() -> CTE:
    """Return what the ledger must hold: each resource of each live appointment, with its whole span and its core."""
    core = (Appointment.starts_at, Appointment.ends_at)
    whole = (
        later(Appointment.starts_at, -Appointment.before_minutes),
        later(Appointment.ends_at, Appointment.after_minutes),
    )

    def wanted(resource_id: Any, first: Any, last: Any) -> Select[Any]:
        return select(
            Appointment.id.label("appointment_id"),
            resource_id.label("resource_id"),
            first.label("first"),
            last.label("last"),
            core[0].label("starts_at"),
            core[1].label("ends_at"),
        ).where(Appointment.status.in_(LIVE_APPOINTMENT))

    therapists = (
        wanted(Therapist.resource_id, *whole)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
    )
    rooms = wanted(Room.resource_id, *whole).join(Room, Room.id == Appointment.room_id)
    clients = (
        wanted(Client.resource_id, *core)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .join(Client, Client.id == Attendance.client_id)
        .where(Attendance.status.in_(LIVE), Appointment.status != "held")
    )
    return union_all(therapists, rooms, clients).cte("expected")


def _ledger() -> Iterator[Invariant]:
    before = (
        func.max(Occupancy.ends_at)
        .over(partition_by=Occupancy.resource_id, order_by=[Occupancy.starts_at, Occupancy.id], rows=(None, -1))
        .label("before")
    )
    spans = select(Occupancy.id, Occupancy.starts_at, before).subquery()
    yield Invariant(
        "Some time of one therapist, room or client is taken twice",
        "occupancy",
        select(spans.c.id).where(spans.c.before > spans.c.starts_at),
    )
    yield Invariant(
        "An appointment takes one resource's time more than once",
        "appointment",
        select(Occupancy.appointment_id)
        .group_by(Occupancy.appointment_id, Occupancy.resource_id)
        .having(func.count() > 1),
    )


def _agreement() -> Iterator[Invariant]:
    expected = _expected()
    same = and_(Occupancy.appointment_id == expected.c.appointment_id, Occupancy.resource_id == expected.c.resource_id)
    yield Invariant(
        "An appointment takes no time of somebody or something that is part of it",
        "appointment",
        select(expected.c.appointment_id)
        .select_from(expected.outerjoin(Occupancy, same))
        .where(Occupancy.id.is_(None)),
    )
    yield Invariant(
        "An appointment takes more time than it has, or less",
        "occupancy",
        select(Occupancy.id)
        .select_from(expected.join(Occupancy, same))
        .where(
            or_(
                Occupancy.starts_at < expected.c.first,
                Occupancy.starts_at > expected.c.starts_at,
                Occupancy.ends_at < expected.c.ends_at,
                Occupancy.ends_at > expected.c.last,
            )
        ),
    )
    yield Invariant(
        "Time is taken by nothing that takes place",
        "occupancy",
        select(Occupancy.id)
        .select_from(Occupancy)
        .outerjoin(expected, same)
        .where(expected.c.appointment_id.is_(None)),
    )


def _buffers() -> Iterator[Invariant]:
    """A buffer is as long as was agreed, unless staff let it give way to the session that it then touches."""
    expected, beside, other = _expected(), aliased(Occupancy), aliased(Appointment)
    same = and_(Occupancy.appointment_id == expected.c.appointment_id, Occupancy.resource_id == expected.c.resource_id)
    is_let = or_(_is_against(Appointment, Code.BUFFER), _is_against(other, Code.BUFFER))

    def gave_way(touches: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists(
            select(beside.id)
            .join(other, other.id == beside.appointment_id)
            .where(beside.resource_id == Occupancy.resource_id, touches, is_let)
        )

    yield Invariant(
        "A buffer is shorter than was agreed, and nobody let it give way",
        "occupancy",
        select(Occupancy.id)
        .select_from(expected.join(Occupancy, same))
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .where(
            or_(
                and_(Occupancy.starts_at > expected.c.first, ~gave_way(beside.ends_at == Occupancy.starts_at)),
                and_(Occupancy.ends_at < expected.c.last, ~gave_way(beside.starts_at == Occupancy.ends_at)),
            )
        ),
    )
    yield Invariant(
        "A rule was booked against and nobody said why",
        "appointment",
        select(Appointment.id).where(Appointment.override_reason == "", cast(Appointment.override_codes, Text) != "[]"),
    )


def _is_against(model: type[Appointment], code: Code) -> ColumnElement[bool]:
    return cast(model.override_codes, Text).like(f'%"{code.value}"%')


def _places() -> Iterator[Invariant]:
    seats = (
        select(Attendance.appointment_id, func.count().label("taken"))
        .where(Attendance.status.in_(LIVE))
        .group_by(Attendance.appointment_id)
        .subquery()
    )
    held = select(Hold.appointment_id, func.sum(Hold.places).label("taken")).group_by(Hold.appointment_id).subquery()
    taken = func.coalesce(seats.c.taken, 0) + func.coalesce(held.c.taken, 0)
    yield Invariant(
        "An appointment's count of places is not that of its attendances and holds",
        "appointment",
        select(Appointment.id)
        .outerjoin(seats, seats.c.appointment_id == Appointment.id)
        .outerjoin(held, held.c.appointment_id == Appointment.id)
        .where(Appointment.status != "cancelled", Appointment.places_taken != taken),
    )
    yield Invariant(
        "A cancelled appointment has places taken",
        "appointment",
        select(Appointment.id).where(Appointment.status == "cancelled", Appointment.places_taken != 0),
    )


def _resources() -> Iterator[Invariant]:
    owners: tuple[tuple[Any, str], ...] = (
        (Therapist, ResourceKind.THERAPIST),
        (Room, ResourceKind.ROOM),
        (Client, ResourceKind.CLIENT),
    )
    for model, kind in owners:
        yield Invariant(
            f"A {kind} is counted as something else",
            kind,
            select(model.id).join(Resource, Resource.id == model.resource_id).where(Resource.kind != kind),
        )
        yield Invariant(
            f"There is a resource for a {kind} who is not there",
            "resource",
            select(Resource.id)
            .outerjoin(model, model.resource_id == Resource.id)
            .where(Resource.kind == kind, model.id.is_(None)),
        )


def _seen() -> Iterator[Invariant]:
    planned = (
        select(Attendance.client_id, func.max(Appointment.starts_at).label("starts_at"))
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .group_by(Attendance.client_id)
        .subquery()
    )
    yield Invariant(
        "A client was or will be here later than the search for clients knows",
        "client",
        select(ClientSearch.client_id)
        .join(planned, planned.c.client_id == ClientSearch.client_id)
        .where(ClientSearch.seen_at < planned.c.starts_at),
    )


def _appointments() -> Iterator[Invariant]:
    leads = (
        select(AppointmentTherapist.appointment_id, func.count().label("leads"))
        .where(AppointmentTherapist.part == Lead.LEAD)
        .group_by(AppointmentTherapist.appointment_id)
        .subquery()
    )
    yield Invariant(
        "An appointment is not led by exactly one therapist",
        "appointment",
        select(Appointment.id)
        .outerjoin(leads, leads.c.appointment_id == Appointment.id)
        .where(Appointment.status.in_(LIVE_APPOINTMENT), func.coalesce(leads.c.leads, 0) != 1),
    )
    yield Invariant(
        "An appointment in a room is at another place than the room",
        "appointment",
        select(Appointment.id)
        .join(Room, Room.id == Appointment.room_id)
        .where(Room.location_id != Appointment.location_id),
    )
    for sentence, condition in _impossible():
        yield Invariant(sentence, "appointment", select(Appointment.id).join(Service).where(condition))


def _impossible() -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Yield what an appointment and its parts cannot be at the same time."""
    place, hold = aliased(Attendance), aliased(Hold)
    seated = exists().where(place.appointment_id == Appointment.id, place.status.in_(LIVE))
    expected_soon = exists().where(place.appointment_id == Appointment.id, place.status.in_(OPEN))
    is_held = exists().where(hold.appointment_id == Appointment.id)
    yield (
        "A cancelled appointment is still expected by a client",
        and_(Appointment.status == "cancelled", expected_soon),
    )
    yield "A cancelled appointment is still held", and_(Appointment.status == "cancelled", is_held)
    yield "A held appointment has no hold", and_(Appointment.status == "held", ~is_held)
    yield "A held appointment has clients already", and_(Appointment.status == "held", seated)
    yield (
        "An appointment is booked for nobody",
        and_(Appointment.status == "booked", Service.kind != ServiceKind.GROUP, ~seated),
    )
    yield (
        "An appointment's status and the time of its cancellation disagree",
        (Appointment.status == "cancelled") != (Appointment.cancelled_at.is_not(None)),
    )
    yield (
        "A client's place changed before it was made",
        exists().where(place.appointment_id == Appointment.id, place.status_at < place.created_at),
    )
