"""What must hold of who acts for whom, of consents, and of two who come together: more invariants of ``check``."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from practice.domain.lifecycle import LIVE
from practice.models import (
    AccessKind,
    Appointment,
    Attendance,
    Client,
    ClientAccess,
    Consent,
    Decision,
    DecisionKind,
    OneTimeToken,
    OutboxMessage,
    SafeContact,
    TokenPurpose,
)


def of_access() -> Iterator[tuple[str, str, Select[int]]]:
    """Yield a sentence, whose ids are found, and the statement that finds those for which it is true."""
    for sentence, condition in _partners():
        yield sentence, "client", select(Client.id).where(condition)
    yield (
        "A question about a session for two is open, and not one of the two comes alone",
        "decision",
        select(Decision.id)
        .join(Appointment, Appointment.id == Decision.appointment_id)
        .where(
            Decision.kind == DecisionKind.PARTNER,
            Decision.decided_at.is_(None),
            or_(Appointment.status != "booked", _comes() != 1),
        ),
    )
    yield (
        "Somebody's access ends before it begins",
        "client_access",
        select(ClientAccess.id).where(ClientAccess.valid_until < ClientAccess.valid_from),
    )
    yield (
        "Two sign-ins are a client's own",
        "client",
        select(ClientAccess.client_id)
        .where(ClientAccess.kind == AccessKind.SELF, ClientAccess.valid_until.is_(None))
        .group_by(ClientAccess.client_id)
        .having(func.count() > 1),
    )
    yield (
        "An agreement was taken back before it was given",
        "consent",
        select(Consent.id).where(Consent.withdrawn_at < Consent.given_at),
    )


def _partners() -> Iterator[tuple[str, ColumnElement[bool]]]:
    is_acted_for = exists().where(ClientAccess.client_id == Client.id)
    is_written_to = exists().where(OutboxMessage.client_id == Client.id, OutboxMessage.given_up_at.is_(None))
    has_contact = or_(Client.email.is_not(None), Client.phone.is_not(None), Client.safe_contact != SafeContact.NONE)
    has_link = exists().where(
        OneTimeToken.purpose == TokenPurpose.PARTNER,
        OneTimeToken.used_at.is_(None),
        OneTimeToken.payload["client"].as_string() == Client.public_id,
    )
    yield (
        "Somebody who has not agreed to be written to is reached, written to or acted for",
        and_(Client.awaits_agreement, or_(has_contact, is_acted_for, is_written_to)),
    )
    yield "A link asks somebody who has answered already", and_(~Client.awaits_agreement, has_link)


def _comes() -> ColumnElement[int]:
    return (
        select(func.count(Attendance.id))
        .where(Attendance.appointment_id == Decision.appointment_id, Attendance.status.in_(LIVE))
        .correlate(Decision)
        .scalar_subquery()
    )
