"""The practice that is measured: therapists who work Monday to Friday 9 to 5 with lunch, eight weeks at 70 %.

Sessions are 50 minutes with a buffer of 10 after, on a step of 30; half of them meet in a room, of which there is one
for each therapist. The first therapist has one more week, with sixty sessions. The same numbers give the same practice.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, update

from practice.models import (
    Appointment,
    AppointmentTherapist,
    Attendance,
    Availability,
    Base,
    Client,
    Licence,
    Location,
    Occupancy,
    Offer,
    Practice,
    Resource,
    Room,
    Service,
    ServiceDuration,
    Therapist,
)

ZONE = "America/New_York"
WEEKS = 8
HOURS = (9, 10, 11, 13, 14, 15, 16)
OCCUPIED = 0.7
DURATION, AFTER = timedelta(minutes=50), timedelta(minutes=10)
CLIENTS_EACH = 60


@dataclass(frozen=True)
class Size:
    """How large a practice to build, on which day it starts, and whether every rule of time is on in it."""

    therapists: int
    today: date
    has_rules: bool = False


def build(connection: Connection, size: Size) -> None:
    """Fill a migrated, empty database in bulk."""
    now = datetime.combine(size.today, time(12), UTC)
    _rows(connection, Practice, [_practice(now)])
    _rows(connection, Location, [{"id": 1, "public_id": "l1", "slug": "village", "name": "Village", "zone": ZONE,
                                  "address": "", "directions": "", "position": 0}])  # fmt: skip
    clients = size.therapists * CLIENTS_EACH
    kinds = [("therapist", size.therapists), ("room", size.therapists), ("client", clients)]
    resources = [kind for kind, count in kinds for _ in range(count)]
    _rows(connection, Resource, [{"id": n, "kind": kind, "revision": 0} for n, kind in enumerate(resources, 1)])
    _people(connection, size, clients, now)
    _sessions(connection, size, now)
    if size.has_rules:
        _every_rule(connection, size, clients, now)
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            if "id" in table.c:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
                )
        connection.exec_driver_sql("ANALYZE")


def _practice(now: datetime) -> dict[str, Any]:
    return {"id": 1, "name": "Measured practice", "zone": ZONE, "notice_minutes": 60, "window_days": 60,
            "created_at": now}  # fmt: skip


def _people(connection: Connection, size: Size, clients: int, now: datetime) -> None:
    service = {"id": 1, "public_id": "s1", "slug": "individual", "name": "Individual session", "kind": "individual",
               "audience": "public", "duration_minutes": 50, "after_minutes": 10, "step_minutes": 30,
               "price_cents": 14000}  # fmt: skip
    _rows(connection, Service, [service])
    numbers = range(1, size.therapists + 1)
    _rows(connection, Room, [{"id": n, "public_id": f"r{n}", "location_id": 1, "resource_id": size.therapists + n,
                              "name": f"Room {n}", "features": [], "position": n} for n in numbers])  # fmt: skip
    _rows(connection, Therapist, [{"id": n, "public_id": f"t{n}", "slug": f"therapist-{n}",
                                   "resource_id": n,
                                   "name": f"Therapist {n}", "zone": ZONE,
                                   "position": n} for n in numbers])  # fmt: skip
    _rows(connection, Offer, [{"therapist_id": n, "service_id": 1} for n in numbers])
    hours = [(9 * 60, 12 * 60), (13 * 60, 17 * 60)]
    _rows(
        connection,
        Availability,
        [
            {"public_id": f"a{n}-{weekday}-{start}", "therapist_id": n, "weekday": weekday, "start_minute": start,
             "end_minute": end, "zone": ZONE, "location_id": 1, "is_online": True, "valid_from": date(2020, 1, 1)}
            for n in numbers for weekday in range(5) for start, end in hours
        ],
    )  # fmt: skip
    first = 2 * size.therapists
    _rows(
        connection,
        Client,
        [
            {"id": n, "public_id": f"client-{n}", "resource_id": first + n, "name": f"Client {n}",
             "zone": ZONE, "created_at": now, "safe_contact": "email",
             "email": f"client-{n}@demo.test"}
            for n in range(1, clients + 1)
        ],
    )  # fmt: skip


def _sessions(connection: Connection, size: Size, now: datetime) -> None:
    chance = random.Random(7)
    taken = [
        (therapist, starts_at, place)
        for starts_at in _starts(size.today)
        for place, therapist in enumerate(range(1, size.therapists + 1))
        if chance.random() < OCCUPIED
    ]
    taken += [(1, starts_at, number) for number, starts_at in enumerate(_full_week(size.today))]
    appointments, leads, places, ledger = [], [], [], []
    for number, (therapist, starts_at, place) in enumerate(taken, 1):
        client = (therapist - 1) * CLIENTS_EACH + number % (CLIENTS_EACH // 2) + 1
        in_person = place % 2 == 0
        ends_at = starts_at + DURATION
        appointments.append(
            {"id": number, "public_id": f"appointment-{number}", "uid": str(UUID(int=number)), "sequence": 0,
             "status": "booked", "service_id": 1, "modality": "in_person" if in_person else "online",
             "location_id": 1 if in_person else None, "room_id": therapist if in_person else None,
             "starts_at": starts_at, "ends_at": ends_at, "zone": ZONE, "after_minutes": 10, "capacity": 1,
             "places_taken": 1, "price_cents": 14000, "created_at": now, "revised_at": now}
        )  # fmt: skip
        leads.append({"appointment_id": number, "therapist_id": therapist, "part": "lead"})
        places.append({"public_id": f"attendance-{number}", "appointment_id": number, "client_id": client,
                       "status": "booked", "fee_cents": 14000, "created_at": now, "status_at": now})  # fmt: skip
        busy = [(therapist, ends_at + AFTER), (2 * size.therapists + client, ends_at)]
        busy += [(size.therapists + therapist, ends_at + AFTER)] if in_person else []
        ledger += [{"appointment_id": number, "resource_id": resource, "starts_at": starts_at, "ends_at": until}
                   for resource, until in busy]  # fmt: skip
    for model, rows in (
        (Appointment, appointments),
        (AppointmentTherapist, leads),
        (Attendance, places),
        (Occupancy, ledger),
    ):
        _rows(connection, model, rows)


def _every_rule(connection: Connection, size: Size, clients: int, now: datetime) -> None:
    """Turn every rule on, so that each is looked at and none refuses what the bench books."""
    connection.execute(update(Practice).values(checks_licences=True))
    connection.execute(update(Room).values(features=["quiet", "step_free"]))
    connection.execute(update(Service).values(needs_consultation=True, max_per_week=7, room_features=["quiet"]))
    guard = {"max_in_row": 4, "break_minutes": 30, "max_a_day": 7, "max_first_a_week": 50}
    connection.execute(update(Therapist).values(works_with_interpreter=True, **guard))
    _rows(connection, ServiceDuration, [{"service_id": 1, "minutes": 80, "price_cents": 21000}])
    licences = [{"therapist_id": n, "title": "LCSW", "region": region, "number": "1", "position": 0}
                for n in range(1, size.therapists + 1) for region in ("NY", "NJ")]  # fmt: skip
    _rows(connection, Licence, licences)
    _consultations(connection, clients, now)


def _consultations(connection: Connection, clients: int, now: datetime) -> None:
    """Let every client have come once, a month ago."""
    starts_at = now - timedelta(days=30)
    first = 1_000_000
    appointments = [
        {"id": first + n, "public_id": f"consultation-{n}", "uid": str(UUID(int=first + n)), "sequence": 0,
         "status": "booked", "service_id": 1, "modality": "online", "starts_at": starts_at,
         "ends_at": starts_at + DURATION, "zone": ZONE, "capacity": 1, "places_taken": 1, "created_at": now,
         "revised_at": now, "is_first": True}
        for n in range(1, clients + 1)
    ]  # fmt: skip
    leads = [{"appointment_id": first + n, "therapist_id": (n - 1) // CLIENTS_EACH + 1} for n in range(1, clients + 1)]
    places = [{"public_id": f"came-{n}", "appointment_id": first + n, "client_id": n, "status": "completed",
               "fee_cents": 0, "created_at": now, "status_at": now} for n in range(1, clients + 1)]  # fmt: skip
    for model, rows in ((Appointment, appointments), (AppointmentTherapist, leads), (Attendance, places)):
        _rows(connection, model, rows)


def full_week(today: date) -> date:
    """Return the Monday of the week, after all others, in which the first therapist has sixty sessions."""
    after = today + timedelta(weeks=WEEKS)
    return after + timedelta(days=-after.weekday() % 7)


def _full_week(today: date) -> Iterator[datetime]:
    for days in range(5):
        for hour in range(8, 20):
            on = full_week(today) + timedelta(days=days)
            yield datetime.combine(on, time(hour), ZoneInfo(ZONE)).astimezone(UTC)


def _starts(today: date) -> Iterator[datetime]:
    for days in range(WEEKS * 7):
        on = today + timedelta(days=days)
        if on.weekday() < 5:
            for hour in HOURS:
                yield datetime.combine(on, time(hour), ZoneInfo(ZONE)).astimezone(UTC)


def _rows(connection: Connection, model: type[Base], rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
