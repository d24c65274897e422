"""Figures about the work that waits, for whoever runs the service: counts only, nobody's data."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from practice.models import Appointment, AppointmentStatus, BookingRequest, Hold, OutboxMessage
from practice.models import Session as SignedInSession


def backlog(session: Session, now: datetime) -> Mapping[str, tuple[str, float]]:
    """Return each figure's name with what it is and its value. One statement."""
    waiting = (OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.due_at <= now)
    figures: dict[str, tuple[str, Select[int]]] = {
        "outbox_waiting": ("Messages that are due and not sent", _count(OutboxMessage).where(*waiting)),
        "outbox_given_up": (
            "Messages that could not be sent",
            _count(OutboxMessage).where(OutboxMessage.given_up_at.is_not(None)),
        ),
        "holds_live": ("Times that are held", _count(Hold).where(Hold.held_until > now)),
        "holds_expired": ("Holds that ended and wait for the worker", _count(Hold).where(Hold.held_until <= now)),
        "booking_requests": ("Requests whose e-mail is not proven yet", _count(BookingRequest)),
        "appointments_to_come": (
            "Booked sessions to come",
            _count(Appointment).where(Appointment.starts_at > now, Appointment.status == AppointmentStatus.BOOKED),
        ),
        "sessions_live": (
            "Signed-in browsers",
            _count(SignedInSession).where(SignedInSession.ended_at.is_(None), SignedInSession.expires_at > now),
        ),
    }
    row = session.execute(select(*(count.scalar_subquery() for _, count in figures.values()))).one()
    return {
        name: (description, float(value or 0))
        for (name, (description, _)), value in zip(figures.items(), row, strict=True)
    }


def _count(model: type[OutboxMessage | Hold | BookingRequest | Appointment | SignedInSession]) -> Select[int]:
    return select(func.count()).select_from(model)
