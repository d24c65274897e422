"""Moving a session: the old time is released only if the new one is won, in one transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.intervals import MINUTE
from practice.domain.lifecycle import APPOINTMENT, OPEN, UNDO_FOR, Actor, Moment, take
from practice.domain.overriding import SOFT
from practice.domain.permissions import Identity
from practice.domain.policy import Terms, fee_of
from practice.domain.rule_book import Modality, RuleBook
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Attendance, AuditEvent, Client, Lead
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

AS_BEFORE, MOVED = "Put back to where it was.", "appointment.moved"


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
    row, clients, kind = _locked(session, rules, public_id, wish)
    who = actors(session, by, row.id)
    take(APPOINTMENT, row.status, "booked", who, Moment(now, row.starts_at), name="move")
    if kind == "group":
        raise ImpossibleStep
    wish = wish if takes_back is None else as_before(wish)
    was = _place_of(session, row.id)
    wish = as_long_as(rules, wish, (row.ends_at - row.starts_at) // MINUTE, was[0], row.price_cents)
    found = find_place(session, rules, wish, by=by, now=now, clients=clients, moving=row.id)
    if was == (found.therapist.id, found.starts_at, found.location_id, found.room.id if found.room else None):
        return found
    if takes_back is not None and takes_back != row.revised_at:
        raise ImpossibleStep
    practice = the_practice(session)
    told = attending(session, row.id, OPEN, date_at(practice, now))
    put(session, row.id, found, told, now)
    is_late = Terms(practice.free_cancel_hours, 0).is_late(row.starts_at, now)
    if is_late and not {Actor.CLIENT, Actor.PROGRAM}.isdisjoint(who):
        _note_late(session, row.id, now)
    moves = {"from_at": row.starts_at.isoformat(), "to_at": found.starts_at.isoformat(), **anyway_of(found)}
    # Where it was is written down for an undo, which believes no form.
    moves["was"] = [was[0], was[2], was[3]]
    audit.record(session, MOVED, by=by, now=now, subject=("appointment", public_id), **moves)
    if takes_back is None or not outbox.withdraw(session, "moved", public_id, posted_at=takes_back):
        notices.tell(session, "moved", public_id, told, now=now, wait=UNDO_FOR)
    return found


def put_back(
    session: Session, rules: RuleBook, public_id: str, moved_at: datetime, note: str, *, by: Identity, now: datetime
) -> Found:
    """Put a session back to where it was before it was moved at ``moved_at``, as the record of that move has it.

    ``note`` is why it stands there, where a rule speaks against that. Raises ImpossibleStep where it was not moved
    then, or something has happened since, and what a move raises.
    """
    record = select(AuditEvent.detail).where(
        AuditEvent.subject_kind == "appointment",
        AuditEvent.subject_id == public_id,
        AuditEvent.action == MOVED,
        AuditEvent.at == moved_at,
    )
    detail = session.scalar(record.order_by(AuditEvent.id).limit(1))
    service_id = session.scalar(select(Appointment.service_id).where(Appointment.public_id == public_id))
    if detail is None or service_id is None or service_id not in rules.service_by_id or "was" not in detail:
        raise ImpossibleStep
    therapist_id, location_id, room_id = detail["was"]
    starts_at = datetime.fromisoformat(detail["from_at"])
    way: Modality = "online" if location_id is None else "in_person"
    wish = Wish(service_id, therapist_id, starts_at, way, location_id, room_id, override=Override(SOFT, note))
    return move_appointment(session, rules, public_id, wish, by=by, now=now, takes_back=moved_at)


def _locked(
    session: Session, rules: RuleBook, public_id: str, wish: Wish
) -> tuple[Row[int, str, datetime, datetime, int, datetime], list[int], str]:
    """Lock all that a session keeps and wants, and return it as it is then, whose time it is, and its kind."""
    wanted = _MOVED.where(Appointment.public_id == public_id)
    seen = session.execute(wanted).one_or_none()
    if seen is None or seen.status == AppointmentStatus.HELD:
        raise NotFound
    service, therapist = named(rules, wish)
    clients, rooms = _clients(session, seen.id), rooms_for(rules, wish, therapist)
    ledger.lock(session, {*resources_of(session, seen.id), therapist.resource_id, *rooms, *clients})
    return session.execute(wanted).one(), clients, service.kind


def _note_late(session: Session, appointment_id: int, now: datetime) -> None:
    """Keep that the session was moved inside the late window: cancelling it from now on is late as well."""
    places = (Attendance.appointment_id == appointment_id, Attendance.status.in_(OPEN))
    is_new = Attendance.moved_late_at.is_(None)
    session.execute(update(Attendance).where(*places, is_new).values(moved_late_at=now))


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
    for party in told:
        fee = fee_of(found.service.kind, found.price_cents, party.agreed_fee_cents)
        if fee != found.price_cents:
            theirs = (Attendance.appointment_id == appointment_id, Attendance.client_id == party.id)
            session.execute(update(Attendance).where(*theirs).values(fee_cents=fee))
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
