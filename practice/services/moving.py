"""Moving a session: the old time is released only if the new one is won, in one transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.intervals import MINUTE
from practice.domain.lifecycle import APPOINTMENT, OPEN, UNDO_FOR, Moment, take
from practice.domain.overriding import SOFT
from practice.domain.permissions import Identity
from practice.domain.rule_book import RuleBook
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Attendance, Client, Lead
from practice.queries.appointments import resources_of
from practice.queries.parties import Party, attending
from practice.queries.practice import date_at, the_practice
from practice.services import audit, estimates, ledger, notices, outbox
from practice.services.finding import (
    Found,
    Override,
    Wish,
    anyway_of,
    as_long_as,
    find_place,
    named,
    rooms_for,
    squeezed_in,
)
from practice.services.ledger import Claim
from practice.services.standing import actors

AS_BEFORE = "Put back to where it was."


_MOVED = select(
    Appointment.id,
    Appointment.status,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.price_cents,
    Appointment.revised_at,
)


def move_appointment(
    session: Session,
    rules: RuleBook,
    public_id: str,
    wish: Wish,
    *,
    by: Identity,
    now: datetime,
    takes_back: datetime | None = None,
) -> Found:
    """Move a booked session that has not begun to ``wish``: another time, therapist, place or way to meet.

    Everything it keeps and everything it wants is locked together. It stays as long as it is, unless another length is
    wished for. Who is there already stays, and nobody is told.
    ``takes_back`` is when the session was moved last: if nothing has happened since, it goes back, and nobody is told
    of either where nobody had been. Raises NotFound, ImpossibleStep (cancelled, begun, changed since, or a group's
    date, which clients leave and join instead), NotOffered, SlotTaken or one of its kinds.
    """
    wanted = _MOVED.where(Appointment.public_id == public_id)
    seen = session.execute(wanted).one_or_none()
    if seen is None or seen.status == AppointmentStatus.HELD:
        raise NotFound
    service, therapist = named(rules, wish)
    clients, rooms = _clients(session, seen.id), rooms_for(rules, wish, therapist)
    ledger.lock(session, {*resources_of(session, seen.id), therapist.resource_id, *rooms, *clients})
    row = session.execute(wanted).one()
    take(APPOINTMENT, row.status, "booked", actors(session, by, row.id), Moment(now, row.starts_at), name="move")
    if service.kind == "group":
        raise ImpossibleStep
    wish = wish if takes_back is None else as_before(wish)
    was = _place_of(session, row.id)
    wish = as_long_as(rules, wish, (row.ends_at - row.starts_at) // MINUTE, was[0], row.price_cents)
    found = find_place(session, rules, wish, by=by, now=now, clients=clients, moving=row.id)
    if was == (found.therapist.id, found.starts_at, found.location_id, found.room.id if found.room else None):
        return found
    if takes_back is not None and takes_back != row.revised_at:
        raise ImpossibleStep
    told = attending(session, row.id, OPEN, date_at(the_practice(session), now))
    put(session, row.id, found, told, now)
    moves = {"from_at": row.starts_at.isoformat(), "to_at": found.starts_at.isoformat(), **anyway_of(found)}
    audit.record(session, "appointment.moved", by=by, now=now, subject=("appointment", public_id), **moves)
    if takes_back is None or not outbox.withdraw(session, "moved", public_id, posted_at=takes_back):
        notices.tell(session, "moved", public_id, told, now=now, wait=UNDO_FOR)
    return found


def as_before(wish: Wish) -> Wish:
    """Return a wish to go back to where a session was: whatever rule that was booked against counts no more now."""
    return replace(wish, override=Override(SOFT, wish.override.reason if wish.override else AS_BEFORE))


def _place_of(session: Session, appointment_id: int) -> tuple[int, datetime, int | None, int | None]:
    """Return who leads it, when it starts, and where it is."""
    row = session.execute(
        select(
            AppointmentTherapist.therapist_id, Appointment.starts_at, Appointment.location_id, Appointment.room_id
        ).where(
            Appointment.id == appointment_id,
            AppointmentTherapist.appointment_id == Appointment.id,
            AppointmentTherapist.part == Lead.LEAD,
        )
    ).one()
    return row.therapist_id, row.starts_at, row.location_id, row.room_id


def _clients(session: Session, appointment_id: int) -> list[int]:
    """Return the resource ids of the clients who are coming."""
    return list(
        session.scalars(
            select(Client.resource_id)
            .join(Attendance, Attendance.client_id == Client.id)
            .where(Attendance.appointment_id == appointment_id, Attendance.status.in_(OPEN))
        )
    )


def put(session: Session, appointment_id: int, found: Found, told: list[Party], now: datetime) -> None:
    """Write an appointment where it was found a place, in the ledger too, where its old time goes back first."""
    ledger.release(session, [appointment_id])
    session.execute(
        update(Appointment)
        .where(Appointment.id == appointment_id)
        .values(
            sequence=Appointment.sequence + 1,
            modality=found.modality,
            location_id=found.location_id,
            room_id=found.room.id if found.room else None,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            zone=found.zone,
            before_minutes=found.service.before_minutes,
            after_minutes=found.service.after_minutes,
            price_cents=found.price_cents,
            override_codes=list(found.overridden),
            override_reason=found.reason,
            is_first=found.is_first,
            revised_at=now,
        )
    )
    session.execute(
        update(Attendance)
        .where(Attendance.appointment_id == appointment_id, Attendance.status.in_(OPEN))
        .values(fee_cents=found.price_cents, late_minutes=None, said_at=None)
    )
    session.execute(
        delete(AppointmentTherapist).where(
            AppointmentTherapist.appointment_id == appointment_id, AppointmentTherapist.part == Lead.LEAD
        )
    )
    session.execute(
        insert(AppointmentTherapist),
        {"appointment_id": appointment_id, "therapist_id": found.therapist.id, "part": Lead.LEAD},
    )
    clients = [Claim(party.resource_id, found.starts_at, found.ends_at) for party in told]
    ledger.claim(session, appointment_id, [*squeezed_in(session, appointment_id, found), *clients])
    estimates.renew(session, appointment_id, now=now)
