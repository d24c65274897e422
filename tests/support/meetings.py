"""A clock that stands still, and sessions that are simply there: what tests of feeds and programs begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Attendance, Lead
from practice.services import ledger
from practice.services.ledger import Claim
from tests.support.cast import NOW, ZONE, Cast


class Clock:
    """What the application takes for the time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, **length: int) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


@dataclass(frozen=True)
class Meeting:
    """A session that was stored."""

    public_id: str
    uid: str


def meeting(
    session: Session,
    cast: Cast,
    starts_at: datetime,
    *,
    lead: str = "bob",
    clients: Sequence[str] = ("alice",),
    kind: str = "individual",
    is_online: bool = False,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
) -> Meeting:
    """Store a session and what it keeps busy, without asking the rules."""
    parties = [cast.parties[name] for name in clients]
    made = Appointment(
        status=status, service_id=getattr(cast, kind), modality="online" if is_online else "in_person",
        location_id=None if is_online else cast.location, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50), zone=ZONE, capacity=12, places_taken=len(parties), created_at=NOW,
        revised_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(AppointmentTherapist(appointment_id=made.id, therapist_id=getattr(cast, lead), part=Lead.LEAD))
    session.add_all(
        Attendance(appointment_id=made.id, client_id=party.id, created_at=NOW, status_at=NOW) for party in parties
    )
    session.flush()
    busy = [cast.resources[lead], *(party.resource_id for party in parties)]
    ledger.claim(session, made.id, [Claim(one, made.starts_at, made.ends_at) for one in busy])
    return Meeting(made.public_id, made.uid)


@dataclass(frozen=True)
class Program:
    """Something that talks JSON to the application with a bearer token."""

    http: FlaskClient
    token: str

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Send a request to the API and return the answer."""
        sent = {"Authorization": f"Bearer {self.token}", **{name.replace("_", "-"): headers[name] for name in headers}}
        more = {} if body is None else {"json": body}
        return self.http.open(f"/api/v1{path}", method=method, headers=sent, **more)
