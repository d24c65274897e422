"""Taking time: a session is booked, a time is held, a hold is confirmed.

Every function runs inside a unit of work, takes its locks first, looks again under them, and lets the database have
the last word. ``rules`` is the rule book as it was read before; one that changed since is read anew. Each raises
NotOffered when the rules do not offer the time, and SlotTaken or one of its kinds when somebody else has it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ClientBusy, HoldEnded
from practice.domain.lifecycle import APPOINTMENT, ATTENDANCE, NOTHING, Actor, Moment, actors_of, take
from practice.domain.permissions import Identity
from practice.domain.policy import fee_of
from practice.domain.rule_book import RuleBook
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    Hold,
    HoldPurpose,
    Lead,
    Occupancy,
    Service,
)
from practice.models.base import new_public_id
from practice.queries.parties import Party
from practice.services import approving, audit, estimates, groups, holds, ledger, notices
from practice.services.finding import Found, Wish, find_place, named, rooms_for, squeezed_in
from practice.services.ledger import Claim
from practice.services.people_coming import Held, look_at_people


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked or held: ids, times, the clients, and the public ids of their places in the same order.

    ``anyway`` are the codes of the rules that staff booked it against.
    """

    id: int
    public_id: str
    status: str
    service_id: int
    therapist_id: int
    starts_at: datetime
    ends_at: datetime
    modality: str
    price_cents: int
    zone: str
    kind: str = ""
    answer_by: datetime | None = None
    is_date: bool = False
    anyway: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """How a hold keeps a time: until when, for which holder and network (hashes), for what, and how many places."""

    until: datetime
    holder_hash: bytes
    purpose: HoldPurpose = HoldPurpose.CHECKOUT
    places: int = 1
    network_hash: bytes | None = None


def book_appointment(
    session: Session, rules: RuleBook, wish: Wish, parties: Sequence[Party], *, by: Identity, now: datetime
) -> Booked:
    """Book a session for ``parties``: one client, the two of a couple, or one who takes a place in a group's date.

    Their messages go into the outbox in the same transaction.
    """
    service, therapist = named(rules, wish)
    clients = [party.resource_id for party in parties]
    claims: list[Claim] = []
    if service.kind == "group":
        ledger.lock(session, [therapist.resource_id, *clients])
        booked = from_date(groups.take_places(session, rules, wish, len(parties), clients=clients, by=by, now=now))
    else:
        ledger.lock(session, [therapist.resource_id, *rooms_for(rules, wish, therapist), *clients])
        found = find_place(session, rules, wish, by=by, now=now, clients=clients)
        who = actors_of(by, [party.id for party in parties], [therapist.id])
        due = approving.due_for(session, found.starts_at, who, now) if service.needs_approval else None
        status = AppointmentStatus.REQUESTED if due else AppointmentStatus.BOOKED
        booked = _add_appointment(session, found, status, places=len(parties), now=now, answer_by=due)
        claims = squeezed_in(session, booked.id, found)
    return seat(session, booked, parties, claims, by=by, now=now)


def hold_slot(
    session: Session,
    rules: RuleBook,
    wish: Wish,
    *,
    by: Identity,
    now: datetime,
    keep: Keep,
    clients: Collection[int] = (),
) -> tuple[Hold, Booked]:
    """Keep a time, or places in a group's date, as ``keep`` says. It covers therapist and room, never a client.

    ``clients`` are the resource ids of those who will come, where they are known: rules about them are checked, and
    again when it is confirmed.
    """
    service, therapist = named(rules, wish)
    if service.kind == "group":
        ledger.lock(session, [therapist.resource_id])
        booked = from_date(groups.take_places(session, rules, wish, keep.places, clients=(), by=by, now=now))
    else:
        ledger.lock(session, [therapist.resource_id, *rooms_for(rules, wish, therapist)])
        found = find_place(session, rules, wish, by=by, now=now, clients=clients)
        # Whoever keeps a time is about to become its client, if they are not yet.
        who = actors_of(by, by.books_for) or {Actor.CLIENT}
        take(APPOINTMENT, NOTHING, AppointmentStatus.HELD, who, Moment(now, found.starts_at))
        booked = _add_appointment(session, found, AppointmentStatus.HELD, places=keep.places, now=now)
        ledger.claim(session, booked.id, squeezed_in(session, booked.id, found))
    return add_hold(session, booked, keep, by=by, now=now), booked


def add_hold(
    session: Session, booked: Booked, keep: Keep, *, by: Identity, now: datetime, parent: Hold | None = None
) -> Hold:
    """Write the hold of places that were taken. With a ``parent`` it is part of that, and counts as no other."""
    hold = Hold(
        appointment_id=booked.id,
        purpose=keep.purpose,
        places=keep.places,
        held_until=keep.until,
        extensions=0,
        holder_hash=None if parent else keep.holder_hash,
        account_id=None if parent else by.account_id,
        network_hash=None if parent else keep.network_hash,
        parent_id=parent.id if parent else None,
        created_at=now,
    )
    session.add(hold)
    session.flush()
    return hold


def confirm_hold(session: Session, hold_id: int, parties: Sequence[Party], *, by: Identity, now: datetime) -> Booked:
    """Make a held time ``parties``' own, or all dates of a course that are held together; returns the first.

    A hold that ended, but whose time has not gone back yet, is still good: being late alone costs nobody a session.
    Raises HoldEnded when the time went back or the session has begun, NotOffered where the rules say so of those who
    come, and ClientBusy where one of them has a place in it already; another session of theirs comes from the ledger
    as SlotTaken. Of a course, dates that have begun or that the parties come to already are left out.
    """
    family = holds.of_family(hold_id)
    busy = select(Occupancy.resource_id).join(Hold, Hold.appointment_id == Occupancy.appointment_id)
    ledger.lock(session, [*session.scalars(busy.where(family)), *(party.resource_id for party in parties)])
    rows = session.execute(
        select(Hold.places, Service.needs_approval, *_BOOKED_COLUMNS)
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(family, AppointmentTherapist.part == Lead.LEAD)
        .order_by(Hold.id)
    ).all()
    if not rows or any(row.places != len(parties) for row in rows):
        raise HoldEnded
    found = [Booked(*tuple(row)[2:]) for row in rows]
    kept = [one for one in found if one.starts_at >= now]
    if not kept:
        raise HoldEnded
    ids = [party.id for party in parties]
    new = [
        one for one in kept if not (one.status == AppointmentStatus.BOOKED and groups.has_place(session, one.id, ids))
    ]
    if not new:
        raise ClientBusy("There is a place for you in this session already.")
    holds.forget(session, hold_id)
    for one in found:
        if one not in new:
            holds.give_places(session, one.id, len(parties), now)
    asks, tells = rows[0].needs_approval, len(found) == 1
    seated = [_confirm(session, one, parties, by=by, now=now, asks=asks, tells=tells) for one in new]
    if len(found) > 1:
        notices.tell(session, "course_booked", seated[0].public_id, parties, now=now)
        estimates.fall_due(session, [one.id for one in seated], ids, now=now)
    return seated[0]


def _confirm(
    session: Session,
    booked: Booked,
    parties: Sequence[Party],
    *,
    by: Identity,
    now: datetime,
    asks: bool,
    tells: bool,
) -> Booked:
    """Give parties what was held for them."""
    held = Held(booked.id, booked.service_id, booked.therapist_id, booked.starts_at, booked.modality)
    look_at_people(session, held, parties, by=by, now=now)
    is_date = booked.status == AppointmentStatus.BOOKED
    # Also for a group's date, whose status stays: the calendars of those who lead it show how many come.
    who = actors_of(by, [party.id for party in parties], [booked.therapist_id])
    due = approving.due_for(session, booked.starts_at, who, now) if asks and not is_date else None
    status = AppointmentStatus.REQUESTED if due else AppointmentStatus.BOOKED
    values = {"status": status, "answer_by": due, "revised_at": now}
    session.execute(update(Appointment).where(Appointment.id == booked.id).values(values))
    mine = replace(booked, status=status, answer_by=due, is_date=is_date)
    return seat(session, mine, parties, (), was=AppointmentStatus.HELD, by=by, now=now, tells=tells)


# Built once: for a statement that is run often, building it costs more than running it.
_INSERT_APPOINTMENT = insert(Appointment.__table__)  # type: ignore[arg-type]
_INSERT_LEAD = insert(AppointmentTherapist.__table__)  # type: ignore[arg-type]
_INSERT_ATTENDANCE = insert(Attendance.__table__)  # type: ignore[arg-type]
_BOOKED_COLUMNS = (
    Appointment.id,
    Appointment.public_id,
    Appointment.status,
    Appointment.service_id,
    AppointmentTherapist.therapist_id,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.modality,
    Appointment.price_cents,
    Appointment.zone,
    Service.kind,
)


def from_date(date: groups.GroupDate) -> Booked:
    """Return what was taken of a group's date."""
    return Booked(
        id=date.id,
        public_id=date.public_id,
        status=AppointmentStatus.BOOKED,
        service_id=date.service_id,
        therapist_id=date.therapist_id,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        modality=date.modality,
        price_cents=date.price_cents,
        zone=date.zone,
        is_date=True,
    )


def _add_appointment(
    session: Session, found: Found, status: str, *, places: int, now: datetime, answer_by: datetime | None = None
) -> Booked:
    public_id = new_public_id()
    connection = session.connection()
    result = connection.execute(
        _INSERT_APPOINTMENT,
        {
            "public_id": public_id,
            "uid": str(uuid4()),
            "sequence": 0,
            "status": status,
            "location_id": found.location_id,
            "room_id": found.room.id if found.room else None,
            "before_minutes": found.service.before_minutes,
            "after_minutes": found.service.after_minutes,
            "capacity": max(places, found.service.capacity),
            "places_taken": places,
            "override_codes": list(found.overridden),
            "override_reason": found.reason,
            "answer_by": answer_by,
            "created_at": now,
            "revised_at": now,
            "is_first": found.is_first,
            **_agreed(found),
        },
    )
    appointment_id: int = result.inserted_primary_key[0]  # type: ignore[index]
    lead = {"appointment_id": appointment_id, "therapist_id": found.therapist.id, "part": Lead.LEAD}
    connection.execute(_INSERT_LEAD, lead)
    return Booked(
        id=appointment_id,
        public_id=public_id,
        status=status,
        therapist_id=found.therapist.id,
        kind=found.service.kind,
        answer_by=answer_by,
        anyway=tuple(code.value for code in found.overridden),
        **_agreed(found),
    )


def _agreed(found: Found) -> dict[str, Any]:
    """Return what a booking and its row have in common."""
    return {
        "service_id": found.service.id,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "modality": found.modality,
        "price_cents": found.price_cents,
        "zone": found.zone,
    }


def seat(
    session: Session,
    booked: Booked,
    parties: Sequence[Party],
    claims: Sequence[Claim],
    *,
    was: str = NOTHING,
    by: Identity,
    now: datetime,
    tells: bool = True,
) -> Booked:
    """Give each party a place, take the parties' own time, write it down and, with ``tells``, tell them."""
    who, moment = actors_of(by, [party.id for party in parties]), Moment(now, booked.starts_at)
    if booked.is_date:
        take(ATTENDANCE, NOTHING, AttendanceStatus.BOOKED, who, moment)
    else:
        take(APPOINTMENT, was, booked.status, who, moment)
    places = _add_attendances(session, booked, parties, who, moment)
    ledger.claim(session, booked.id, [*claims, *_client_claims(booked, parties)])
    anyway = {"anyway": list(booked.anyway)} if booked.anyway else {}
    # "requested" or "booked": what is on record and what is told are the truth.
    subject = ("appointment", booked.public_id)
    audit.record(session, f"appointment.{booked.status}", by=by, now=now, subject=subject, **anyway)
    if tells:
        notices.tell(session, booked.status, booked.public_id, parties, now=now)
    if booked.answer_by is not None:
        approving.ask(session, booked.id, booked.therapist_id, booked.answer_by, by=by, now=now)
    elif tells:
        estimates.fall_due(session, [booked.id], [party.id for party in parties], now=now)
    return replace(booked, parties=tuple(parties), places=tuple(places))


def _add_attendances(
    session: Session, booked: Booked, parties: Sequence[Party], who: Collection[Actor], moment: Moment
) -> list[str]:
    """Give each party a place and return the places' public ids; who left a group's date gets the old one back."""
    ids = [party.id for party in parties]
    again = groups.seat_again(session, booked.id, ids, who=who, moment=moment) if booked.is_date else {}
    places = [again.get(party.id) or new_public_id() for party in parties]
    rows = [
        {
            "public_id": place,
            "appointment_id": booked.id,
            "client_id": party.id,
            "status": AttendanceStatus.BOOKED,
            "fee_cents": fee_of(booked.kind, booked.price_cents, party.agreed_fee_cents),
            "created_at": moment.now,
            "status_at": moment.now,
        }
        for party, place in zip(parties, places, strict=True)
        if party.id not in again
    ]
    if rows:
        session.connection().execute(_INSERT_ATTENDANCE, rows)
    return places


def _client_claims(booked: Booked, parties: Iterable[Party]) -> list[Claim]:
    return [Claim(party.resource_id, booked.starts_at, booked.ends_at) for party in parties]
