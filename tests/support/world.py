"""A small practice to test with: Bob sees Alice in a room on Elm Street and online; Charlie is somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    Availability,
    Client,
    Lead,
    Location,
    Offer,
    Practice,
    Resource,
    ResourceKind,
    Room,
    RuleBookRevision,
    Service,
    Therapist,
)
from practice.services import ledger
from practice.services.ledger import Claim

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 AM in New York
ZONE = "America/New_York"


@dataclass(frozen=True)
class World:
    """The practice's people and things, as they were stored."""

    practice: Practice
    elm: Location
    room: Room
    consultation: Service
    individual: Service
    group: Service
    bob: Therapist
    dana: Therapist
    alice: Client
    charlie: Client


def build(session: Session) -> World:
    """Store the practice. Bob and Dana work Monday to Friday, 9 to 5 New York time."""
    practice = Practice(id=1, name="Foundations Therapy", zone=ZONE, created_at=NOW, notice_minutes=60)
    if session.get(RuleBookRevision, 1) is None:
        session.add(RuleBookRevision(id=1, token="first"))
    elm = Location(slug="elm", name="Elm Street", address="12 Elm St, New York", zone=ZONE)
    session.add_all([practice, elm])
    session.flush()
    room = Room(location_id=elm.id, resource_id=resource(session, ResourceKind.ROOM), name="Blue room")
    consultation = Service(
        slug="consultation",
        name="Consultation",
        kind="consultation",
        audience="public",
        duration_minutes=20,
        step_minutes=30,
    )
    individual = Service(
        slug="individual",
        name="Individual session",
        kind="individual",
        duration_minutes=50,
        after_minutes=10,
        step_minutes=60,
        price_cents=15000,
    )
    group = Service(
        slug="move-and-play",
        name="Move & play",
        kind="group",
        duration_minutes=75,
        step_minutes=30,
        capacity=12,
        online=False,
    )
    bob, dana = (
        Therapist(slug=slug, name=name, zone=ZONE, resource_id=resource(session, ResourceKind.THERAPIST))
        for slug, name in (("bob-brown", "Bob Brown"), ("dana-diaz", "Dana Diaz"))
    )
    session.add_all([room, consultation, individual, group, bob, dana])
    session.flush()
    for therapist in (bob, dana):
        session.add_all(Offer(therapist_id=therapist.id, service_id=one.id) for one in (consultation, individual))
        session.add_all(
            Availability(
                therapist_id=therapist.id,
                weekday=weekday,
                start_minute=9 * 60,
                end_minute=17 * 60,
                zone=ZONE,
                location_id=elm.id,
                valid_from=date(2026, 1, 1),
            )
            for weekday in range(5)
        )
    alice = client(session, "Alice Young")
    charlie = client(session, "Charlie Stranger")
    session.flush()
    return World(practice, elm, room, consultation, individual, group, bob, dana, alice, charlie)


def client(session: Session, name: str) -> Client:
    """Store a client who may be written to."""
    slug = name.split(maxsplit=1)[0].lower()
    found = Client(
        name=name,
        search_name=name.lower(),
        email=f"{slug}@example.org",
        zone=ZONE,
        created_at=NOW,
        resource_id=resource(session, ResourceKind.CLIENT),
    )
    session.add(found)
    return found


def resource(session: Session, kind: ResourceKind) -> int:
    """Store something that can be busy and return its id."""
    found = Resource(kind=kind)
    session.add(found)
    session.flush()
    return found.id


def appointment(
    session: Session,
    service: Service,
    therapist: Therapist,
    clients: Sequence[Client],
    starts_at: datetime,
    location: Location | None = None,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
) -> Appointment:
    """Store a session and what it keeps busy, without asking the rules."""
    made = Appointment(
        status=status,
        service_id=service.id,
        modality="online" if location is None else "in_person",
        location_id=location.id if location else None,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=service.duration_minutes),
        zone=ZONE,
        capacity=service.capacity,
        places_taken=len(clients),
        created_at=NOW,
        revised_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add(AppointmentTherapist(appointment_id=made.id, therapist_id=therapist.id, part=Lead.LEAD))
    session.add_all(
        Attendance(appointment_id=made.id, client_id=client.id, created_at=NOW, status_at=NOW) for client in clients
    )
    session.flush()
    busy = [therapist.resource_id, *(client.resource_id for client in clients)]
    ledger.claim(session, made.id, [Claim(one, made.starts_at, made.ends_at) for one in busy])
    return made
