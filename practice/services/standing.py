"""In what capacity somebody stands to an appointment."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.lifecycle import Actor, actors_of
from practice.domain.permissions import Identity
from practice.models import AppointmentTherapist, Attendance


def actors(session: Session, by: Identity, appointment_id: int, *, client_id: int | None = None) -> frozenset[Actor]:
    """Return every capacity in which ``by`` stands to an appointment, or to one client's place in it.

    Asks the database only where ``by`` books for clients or is a therapist.
    """
    clients = [client_id] if client_id is not None else []
    if client_id is None and by.books_for:
        theirs = (Attendance.appointment_id == appointment_id, Attendance.client_id.in_(by.books_for))
        clients = list(session.scalars(select(Attendance.client_id).where(*theirs)))
    therapists: list[int] = []
    if by.therapist_id is not None:
        leads = AppointmentTherapist.appointment_id == appointment_id
        therapists = list(session.scalars(select(AppointmentTherapist.therapist_id).where(leads)))
    return actors_of(by, clients, therapists)
