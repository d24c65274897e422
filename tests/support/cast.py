"""The people of the tests: Alice the client, Bob her therapist, Charlie who is not her, Dee at the desk, Ada the admin.

A small practice in New York with one location of two rooms. Bob and Bea work Monday to Friday, 9 to 5, there and
online. It is Friday 20 November 2026, 10 AM in New York.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.permissions import SYSTEM, Identity, permissions_of
from practice.models import (
    AccessKind,
    Account,
    AccountRole,
    Appointment,
    AppointmentTherapist,
    Availability,
    Location,
    Offer,
    Practice,
    Resource,
    ResourceKind,
    Room,
    Service,
    Therapist,
)
from practice.queries.parties import Party
from practice.services.clients import NewClient, create_client, give_access
from practice.services.ledger import Claim, claim

ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """The instant at which New York's clocks show that time."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@dataclass
class Cast:
    """Ids of everybody and everything, as the tests need them."""

    bob: int
    bea: int
    consultation: int
    individual: int
    couple: int
    group: int
    location: int
    rooms: list[int]
    resources: dict[str, int] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)

    @property
    def alice(self) -> Party:
        return self.parties["alice"]

    @property
    def charlie(self) -> Party:
        return self.parties["charlie"]

    def identity(self, name: str) -> Identity:
        return self.identities[name]


def _resource(session: Session, kind: str) -> int:
    resource = Resource(kind=kind)
    session.add(resource)
    session.flush()
    return resource.id


def _services(session: Session) -> dict[str, int]:
    rows = {
        "consultation": Service(
            slug="consultation", name="First conversation", kind="consultation", audience="public",
            duration_minutes=20, step_minutes=20, capacity=1, price_cents=0,
        ),
        "individual": Service(
            slug="individual", name="Individual session", kind="individual", audience="clients",
            duration_minutes=50, after_minutes=10, step_minutes=30, capacity=1, price_cents=14000,
        ),
        "couple": Service(
            slug="couple", name="Session for two", kind="couple", audience="clients",
            duration_minutes=80, after_minutes=10, step_minutes=30, capacity=2, price_cents=20000,
        ),
        "move-and-play": Service(
            slug="move-and-play", name="Move and play", kind="group", audience="clients",
            duration_minutes=75, step_minutes=15, capacity=3, price_cents=4000, online=False,
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    return {slug: service.id for slug, service in rows.items()}


def add_therapist(session: Session, slug: str, name: str, location_id: int, account: Account | None) -> Therapist:
    therapist = Therapist(
        slug=slug,
        name=name,
        zone=ZONE,
        resource_id=_resource(session, ResourceKind.THERAPIST),
        account_id=account.id if account else None,
    )
    session.add(therapist)
    session.flush()
    session.add_all(
        Availability(
            therapist_id=therapist.id, weekday=weekday, start_minute=9 * 60, end_minute=17 * 60, zone=ZONE,
            location_id=location_id, is_online=True, valid_from=date(2026, 1, 1),
        )
        for weekday in range(5)
    )  # fmt: skip
    return therapist


def _account(session: Session, name: str, *roles: str) -> Account:
    account = Account(email=f"{name.lower()}@demo.test", name=name, created_at=NOW, email_proven_at=NOW)
    session.add(account)
    session.flush()
    session.add_all(AccountRole(account_id=account.id, role=role) for role in roles)
    return account


def _identity(
    account: Account, *roles: str, therapist_id: int | None = None, clients: tuple[int, ...] = ()
) -> Identity:
    return Identity(
        kind="account", id=account.public_id, name=account.name, email=account.email, account_id=account.id,
        roles=frozenset(roles), permissions=permissions_of(roles), therapist_id=therapist_id,
        client_ids=frozenset(clients), books_for=frozenset(clients),
    )  # fmt: skip


def assemble(session: Session, vault: Vault) -> Cast:
    """Write the practice and its people, and return who is who. The caller commits."""
    session.add(
        Practice(
            id=1, name="Foundations Therapy", zone=ZONE, notice_minutes=60, window_days=60, late_fee_cents=6000,
            created_at=NOW,
        )
    )  # fmt: skip
    location = Location(slug="village", name="Village studio", address="1 Elm Street", zone=ZONE)
    session.add(location)
    session.flush()
    rooms = [
        Room(location_id=location.id, resource_id=_resource(session, ResourceKind.ROOM), name=name, position=place)
        for place, name in enumerate(("Willow", "Birch"))
    ]
    session.add_all(rooms)
    services = _services(session)
    bobs = _account(session, "Bob", "therapist")
    bob = add_therapist(session, "bob", "Bob Reyes", location.id, bobs)
    bea = add_therapist(session, "bea", "Bea Lindqvist", location.id, None)
    session.add_all(
        Offer(therapist_id=one.id, service_id=service) for one in (bob, bea) for service in services.values()
    )
    session.flush()
    cast = Cast(
        bob=bob.id, bea=bea.id, consultation=services["consultation"], individual=services["individual"],
        couple=services["couple"], group=services["move-and-play"], location=location.id,
        rooms=[room.id for room in rooms],
        resources={"bob": bob.resource_id, "bea": bea.resource_id, "willow": rooms[0].resource_id,
                   "birch": rooms[1].resource_id},
    )  # fmt: skip
    for name in ("alice", "charlie"):
        account = _account(session, name.title())
        party = create_client(
            session,
            NewClient(name=name.title() + " Moss", zone=ZONE, email=account.email),
            vault=vault,
            by=SYSTEM,
            now=NOW,
        )
        give_access(session, account, party, AccessKind.SELF, by=SYSTEM, now=NOW, today=TODAY)
        cast.parties[name] = party
        cast.identities[name] = _identity(account, "client", clients=(party.id,))
    cast.identities["bob"] = _identity(bobs, "therapist", therapist_id=bob.id)
    cast.identities["dee"] = _identity(_account(session, "Dee", "front_desk"), "front_desk")
    cast.identities["ada"] = _identity(_account(session, "Ada", "admin"), "admin")
    return cast


def add_group_date(session: Session, cast: Cast, starts_at: datetime, *, capacity: int = 3) -> Appointment:
    """Write one date of the group, led by Bob in the first room."""
    appointment = Appointment(
        status="booked", service_id=cast.group, modality="in_person", location_id=cast.location, room_id=cast.rooms[0],
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=75), zone=ZONE, capacity=capacity, places_taken=0,
        price_cents=4000, created_at=NOW, revised_at=NOW,
    )  # fmt: skip
    session.add(appointment)
    session.flush()
    session.add(AppointmentTherapist(appointment_id=appointment.id, therapist_id=cast.bob))
    session.flush()
    claim(
        session,
        appointment.id,
        [Claim(cast.resources[name], appointment.starts_at, appointment.ends_at) for name in ("bob", "willow")],
    )
    return appointment


@pytest.fixture
def cast(app: Flask, furnished: Cast) -> Iterator[Cast]:
    """The small practice in the test's database, with an application context open."""
    with app.app_context():
        yield furnished
