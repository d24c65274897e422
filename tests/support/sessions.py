"""Sessions for tests, booked as the application books them, at times that its rules would not offer a stranger."""

from datetime import datetime

from practice.db import db, unit_of_work
from practice.models import Appointment
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.services.booking import book_appointment
from practice.services.finding import Wish
from tests.support.cast import Cast


def booked(
    cast: Cast,
    starts_at: datetime,
    who: str = "alice",
    *,
    now: datetime,
    modality: str = "online",
    therapist: str = "bob",
    others: tuple[str, ...] = (),
) -> Appointment:
    """Book a session with the desk's rights and return it, whole: individual, or of a couple with ``others``."""
    rules = current_rules(db.session())
    service = cast.couple if others else cast.individual
    wish = Wish(service, getattr(cast, therapist), starts_at, modality)  # type: ignore[arg-type]
    parties = [cast.parties[name] for name in (who, *others)]
    with unit_of_work() as session:
        made = book_appointment(session, rules, wish, parties, by=cast.identity("dee"), now=now)
    return whole(made.public_id)


def whole(public_id: str) -> Appointment:
    """Return an appointment as it is now, with all that belongs to it."""
    db.session.close()
    found = appointment_by_public_id(db.session(), public_id)
    assert found is not None
    return found
