"""Sends what waits in the outbox: each message is claimed, written, sent and marked, and none of it is ever lost.

A claim is a compare-and-swap with a lease: whoever dies with a claim gives it back when the lease ends. A message may
then be sent again, under the same Message-ID, so that the receiving side can see that it is the same one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from practice.domain.ages import BirthDates
from practice.domain.consenting import ConsentRules, is_of_age
from practice.domain.lifecycle import GIVEN_UP, LIVE
from practice.models import (
    AccessKind,
    Account,
    Appointment,
    AppointmentStatus,
    Attendance,
    Client,
    ClientAccess,
    OutboxMessage,
    Practice,
    SafeContact,
)

LEASE = timedelta(minutes=10)
TRIES = 10
BATCH = 5  # all of them go out well within a lease, however slow the mail server is
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=30)
SECRET_ENDINGS = ("_secret", "link")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this worker's to send until ``claimed_until``; ``tries`` counts this one."""

    id: int
    public_id: str
    template: str
    to_email: str
    context: Mapping[str, Any]
    message_id: str
    created_at: datetime
    claimed_until: datetime
    tries: int


def claim_due(session: Session, *, now: datetime, limit: int = BATCH) -> Sequence[Claimed]:
    """Claim messages that are due, oldest first, and return those that are this worker's now."""
    is_free = or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now)
    waits = and_(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.due_at <= now)
    due = session.scalars(
        select(OutboxMessage.id)
        .where(waits, is_free)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    until = now + LEASE
    rows = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due), waits, is_free)
        .values(claimed_until=until, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    ).scalars()
    claimed = [
        Claimed(
            id=row.id,
            public_id=row.public_id,
            template=row.template,
            to_email=row.to_email,
            context=row.context,
            message_id=row.message_id,
            created_at=row.created_at,
            claimed_until=until,
            tries=row.attempts,
        )
        for row in rows
    ]
    return sorted(claimed, key=lambda one: (one.created_at, one.id))


def give_back(session: Session, messages: Collection[Claimed]) -> None:
    """Undo claims of which nothing came: somebody else may take the messages at once, and no try is counted."""
    for message in messages:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message.id, OutboxMessage.claimed_until == message.claimed_until)
            .values(claimed_until=None, attempts=OutboxMessage.attempts - 1)
        )


def withdraw(session: Session, template: str, subject: str, *, posted_at: datetime, about: str = "appointment") -> bool:
    """Delete the messages about an appointment (or what ``about`` names) that were posted at an instant, if none of
    them has been touched yet.

    Returns False, and deletes nothing, where the worker has begun to send one.
    """
    posted = session.execute(
        select(OutboxMessage.id, OutboxMessage.attempts)
        .where(
            # Both halves are for the index: what waits, and what was sent since.
            or_(
                and_(OutboxMessage.sent_at.is_(None), OutboxMessage.due_at >= posted_at),
                OutboxMessage.sent_at >= posted_at,
            ),
            OutboxMessage.created_at == posted_at,
            OutboxMessage.template == template,
            OutboxMessage.context[about].as_string() == subject,
        )
        .with_for_update()
    ).all()
    if any(row.attempts for row in posted):
        return False
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_([row.id for row in posted])))
    return True


def withdraw_from(session: Session, client_id: int, email: str) -> None:
    """Delete the messages about a client that wait for somebody who is not written to any more.

    One that the worker is sending this moment is asked about once more before it goes.
    """
    session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.client_id == client_id,
            OutboxMessage.to_email == email,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.claimed_until.is_(None),
        )
    )


def withdraw_questions(session: Session, decisions: Collection[str]) -> None:
    """Delete what waits to be sent about questions to therapists (public ids) that do not arise any more."""
    session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.template == "to_decide",
            OutboxMessage.context["decision"].as_string().in_(decisions),
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.claimed_until.is_(None),
        )
    )


def is_wanted(session: Session, message: Claimed, *, born_on: BirthDates, now: datetime) -> bool:
    """Whether the message may still be sent.

    Not where its client was erased, where it tells of a cancelled place that the client has again by now, or where it
    goes to a guardian who is not written to any more.
    """
    if message.template == "cancelled" and _has_place(session, message.context):
        return False
    if message.template == "course_cancelled" and not _gave_up(session, message):
        return False
    if not _may_be_written_to(session, message, born_on, now):
        return False
    erased = (
        select(Client.erased_at)
        .join(OutboxMessage, OutboxMessage.client_id == Client.id)
        .where(OutboxMessage.id == message.id)
    )
    return session.scalar(erased) is None


def _may_be_written_to(session: Session, message: Claimed, born_on: BirthDates, now: datetime) -> bool:
    """Whether the address is still one that is written to: a guardian's is while they have the right today, and while
    the client is not of age.
    """
    row = session.execute(
        select(ClientAccess, Client, Practice)
        .join(Client, Client.id == ClientAccess.client_id)
        .join(Account, Account.id == ClientAccess.account_id)
        .join(OutboxMessage, OutboxMessage.client_id == Client.id)
        .join(Practice, Practice.id == 1)
        .where(
            OutboxMessage.id == message.id,
            Account.email == message.to_email.lower(),
            ClientAccess.kind == AccessKind.GUARDIAN,
        )
    ).first()
    if row is None:
        return True
    access, client, practice = row
    today = now.astimezone(ZoneInfo(practice.zone)).date()
    if access.valid_from <= today and (access.valid_until is None or today <= access.valid_until):
        born = born_on(client.wrapped_key, client.public_id, client.birth_date_sealed)
        if is_of_age(born, ConsentRules(practice.majority_age), today):
            return False
        if access.is_written_to:
            return True
    return client.safe_contact == SafeContact.EMAIL and (client.email or "").lower() == message.to_email.lower()


def _has_place(session: Session, context: Mapping[str, Any]) -> bool:
    kept = (
        select(Attendance.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(
            Appointment.public_id == context.get("appointment"),
            Appointment.status == AppointmentStatus.BOOKED,
            Client.public_id == context.get("client"),
            Attendance.status.in_(LIVE),
        )
    )
    return session.scalar(kept.limit(1)) is not None


def _gave_up(session: Session, message: Claimed) -> bool:
    """Whether a date of a course that was given up with this message still is."""
    course = select(Appointment.course_id).where(Appointment.public_id == message.context.get("appointment"))
    given_up = (
        select(Attendance.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Client, Client.id == Attendance.client_id)
        .where(
            Appointment.course_id == course.scalar_subquery(),
            Client.public_id == message.context.get("client"),
            Attendance.status.in_(GIVEN_UP),
            Attendance.status_at == message.created_at,
        )
    )
    return session.scalar(given_up.limit(1)) is not None


def mark_sent(session: Session, message: Claimed, *, now: datetime) -> None:
    """Note that the server took the message. The secrets in it are not needed any more, and are blanked."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.sent_at.is_(None))
        .values(sent_at=now, claimed_until=None, last_error="", context=without_secrets(message.context))
    )


def mark_failed(session: Session, message: Claimed, error: str, *, now: datetime, is_final: bool = False) -> None:
    """Note why the message was not sent, and when to try again; after ten tries, or where it is final, give up.

    Nothing changes where the claim is somebody else's by now.
    """
    gives_up = is_final or message.tries >= TRIES
    outcome: dict[str, Any] = {"due_at": now + wait_after(message.tries)}
    if gives_up:
        outcome = {"given_up_at": now, "context": without_secrets(message.context)}
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.claimed_until == message.claimed_until,
        )
        .values(claimed_until=None, last_error=error[:200], **outcome)
    )


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: a minute, then twice as long each time, six hours at most."""
    return min(FIRST_WAIT * (1 << max(0, tries - 1)), LONGEST_WAIT)


def without_secrets(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's context with its links and codes blanked."""
    return {name: "" if name.endswith(SECRET_ENDINGS) else value for name, value in context.items()}


def forget_old_messages(session: Session, *, now: datetime) -> None:
    """Delete messages that were sent, or given up, a month ago."""
    long_ago = now - KEPT
    session.execute(
        delete(OutboxMessage).where(or_(OutboxMessage.sent_at < long_ago, OutboxMessage.given_up_at < long_ago))
    )
