"""What an address of the desk names, read and noted as read."""

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import Appointment, Client
from practice.queries.appointments import appointment_by_public_id
from practice.queries.clients import client_by_public_id
from practice.web.reading import note_read


def the_client(public_id: str) -> Client:
    """Return a client, and note the read. Raises NotFound."""
    found = client_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    note_read("client.read", ("client", public_id))
    return found


def the_appointment(public_id: str) -> Appointment:
    """Return a session, and note the read. Raises NotFound."""
    found = appointment_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    note_read("appointment.read", ("appointment", public_id))
    return found
