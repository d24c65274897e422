"""Practices of any size for tests of times: therapists with rooms, hours and services, written in bulk."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from practice.models import (
    Appointment,
    AppointmentTherapist,
    Availability,
    Hold,
    Location,
    Occupancy,
    Offer,
    Practice,
    Resource,
    Room,
    Service,
    Therapist,
)

NEW_YORK = "America/New_York"
LONG_AGO = date(2026, 1, 1)


@dataclass
class Made:
    """Ids of what was made, in order."""

    therapists: list[int] = field(default_factory=list)
    therapist_resources: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    room_resources: list[int] = field(default_factory=list)
    location: int = 0
    services: dict[str, int] = field(default_factory=dict)


def make_practice(session: Session, now: datetime, *, therapists: int = 1, rooms: int = 1) -> Made:
    """Make a practice in New York: Monday to Friday 9 to 12 and 13 to 17, in person and online, no notice asked for.

    Its services are ``consultation`` (20 minutes), ``individual`` (50 + 10, hourly) and the group ``move-and-play``.
    """
    made = Made()
    session.execute(
        insert(Practice), [{"id": 1, "name": "Foundations", "zone": NEW_YORK, "notice_minutes": 0, "created_at": now}]
    )
    place = {"slug": "studio", "name": "The studio", "zone": NEW_YORK}
    made.location = session.scalars(insert(Location).returning(Location.id), [place]).one()
    made.therapist_resources = _resources(session, "therapist", therapists)
    made.room_resources = _resources(session, "room", rooms)
    made.rooms = _all(
        session,
        Room,
        [
            {"location_id": made.location, "resource_id": resource, "name": f"Room {number}", "position": number}
            for number, resource in enumerate(made.room_resources)
        ],
    )
    made.therapists = _all(
        session,
        Therapist,
        [
            {"slug": f"therapist-{number:03}", "name": f"Therapist {number}", "zone": NEW_YORK, "resource_id": resource}
            for number, resource in enumerate(made.therapist_resources)
        ],
    )
    made.services = _services(session)
    _offers_and_hours(session, made)
    return made


def _resources(session: Session, kind: str, count: int) -> list[int]:
    return _all(session, Resource, [{"kind": kind}] * count)


def _all(session: Session, model: type, rows: list[dict]) -> list[int]:
    if not rows:
        return []
    return list(session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows))


def _services(session: Session) -> dict[str, int]:
    rows = [
        {"slug": "consultation", "kind": "consultation", "duration_minutes": 20, "step_minutes": 30},
        {"slug": "individual", "kind": "individual", "duration_minutes": 50, "after_minutes": 10, "step_minutes": 60},
        {"slug": "move-and-play", "kind": "group", "duration_minutes": 75, "step_minutes": 75, "capacity": 12},
    ]
    defaults = {"audience": "public", "after_minutes": 0, "capacity": 1}
    ids = _all(session, Service, [{"name": row["slug"], **defaults, **row} for row in rows])
    return {row["slug"]: number for row, number in zip(rows, ids, strict=True)}


def _offers_and_hours(session: Session, made: Made) -> None:
    offers = [
        {"therapist_id": therapist, "service_id": service}
        for therapist in made.therapists
        for slug, service in made.services.items()
        if slug != "move-and-play"
    ]
    hours = [
        {
            "therapist_id": therapist, "weekday": weekday, "start_minute": start * 60, "end_minute": end * 60,
            "zone": NEW_YORK, "location_id": made.location, "is_online": True, "valid_from": LONG_AGO,
        }
        for therapist in made.therapists
        for weekday in range(5)
        for start, end in ((9, 12), (13, 17))
    ]  # fmt: skip
    session.execute(insert(Offer), offers)
    session.execute(insert(Availability), hours)


def take(
    session: Session,
    made: Made,
    starts_at: datetime,
    *,
    therapist: int = 0,
    room: int | None = 0,
    held_until: datetime | None = None,
) -> int:
    """Write an individual session into the ledger, held or booked, and return its appointment's id."""
    ends_at = starts_at + timedelta(minutes=50)
    appointment = session.scalars(
        insert(Appointment).returning(Appointment.id),
        [
            {
                "status": "held" if held_until else "booked", "service_id": made.services["individual"],
                "modality": "online" if room is None else "in_person",
                "location_id": None if room is None else made.location,
                "room_id": None if room is None else made.rooms[room], "starts_at": starts_at, "ends_at": ends_at,
                "zone": NEW_YORK, "after_minutes": 10, "places_taken": 1, "created_at": starts_at,
                "revised_at": starts_at,
            }
        ],
    ).one()  # fmt: skip
    session.execute(
        insert(AppointmentTherapist), [{"appointment_id": appointment, "therapist_id": made.therapists[therapist]}]
    )
    resources = [made.therapist_resources[therapist], *([] if room is None else [made.room_resources[room]])]
    busy_until = ends_at + timedelta(minutes=10)
    session.execute(
        insert(Occupancy),
        [
            {"resource_id": each, "appointment_id": appointment, "starts_at": starts_at, "ends_at": busy_until}
            for each in resources
        ],
    )
    if held_until:
        session.execute(
            insert(Hold), [{"appointment_id": appointment, "held_until": held_until, "created_at": starts_at}]
        )
    return appointment
