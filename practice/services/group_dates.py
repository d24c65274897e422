"""Dates of a group: staff say when it meets, who leads it and where; clients then take its places."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from practice.domain.errors import NotOffered, RoomTaken, SlotTaken, ValidationFailed
from practice.domain.explaining import Question, doubts_about_date
from practice.domain.intervals import minute_floor
from practice.domain.permissions import Identity
from practice.domain.rule_book import Room, RuleBook, Service, Therapist
from practice.domain.wall_time import instants_of
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Lead
from practice.queries.ledger import busy_times
from practice.services import audit, holds, ledger
from practice.services.ledger import Claim


@dataclass(frozen=True, slots=True)
class NewDate:
    """When a group meets on the clock of its place, who leads it, and in which room: None is online.

    ``anyway`` makes the date outside hours, in time off, while it is closed, or further ahead than times are offered.
    """

    service: Service
    therapist: Therapist
    room: Room | None
    on: date
    minute: int
    capacity: int
    anyway: bool = False


def add_date(session: Session, rules: RuleBook, new: NewDate, *, by: Identity, now: datetime) -> str:
    """Make a date of a group and return its public id.

    Raises NotOffered, ValidationFailed for a time that never comes or has been, and for what speaks against the date
    unless it is to be made ``anyway``, SlotTaken or RoomTaken.
    """
    service, therapist, room = new.service, new.therapist, new.room
    offer = rules.offer_of.get((therapist.id, service.id))
    if service.kind != "group" or offer is None:
        raise NotOffered
    if not (service.in_person and offer.in_person if room else service.online and offer.online):
        raise NotOffered("This group does not meet that way with this therapist. Please choose another place.")
    zone = rules.location_by_id[room.location_id].zone if room else therapist.zone
    starts_at = _start(zone, new, now)
    doubts = _weighed(rules, new, starts_at, now)
    ends_at = starts_at + timedelta(minutes=service.duration_minutes)
    first = starts_at - timedelta(minutes=service.before_minutes)
    last = ends_at + timedelta(minutes=service.after_minutes)
    claims = [Claim(who.resource_id, first, last) for who in (therapist, room) if who]
    ledger.lock(session, [one.resource_id for one in claims])
    _be_free(session, claims, therapist, now)
    made = Appointment(
        status=AppointmentStatus.BOOKED,
        service_id=service.id,
        modality="in_person" if room else "online",
        location_id=room.location_id if room else None,
        room_id=room.id if room else None,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        before_minutes=service.before_minutes,
        after_minutes=service.after_minutes,
        capacity=new.capacity,
        places_taken=0,
        price_cents=rules.price_cents(therapist.id, service.id),
        created_at=now,
        revised_at=now,
    )
    session.add(made)
    session.flush()
    session.add(AppointmentTherapist(appointment_id=made.id, therapist_id=therapist.id, part=Lead.LEAD))
    session.flush()
    ledger.claim(session, made.id, claims)
    audit.record(session, "group_date.added", by=by, now=now, subject=("appointment", made.public_id), anyway=doubts)
    return made.public_id


def _weighed(rules: RuleBook, new: NewDate, starts_at: datetime, now: datetime) -> list[str]:
    """Return the codes of what speaks against a date. Raises ValidationFailed unless it is to be made anyway."""
    question = Question(rules, new.service, new.therapist, (), now, "staff")
    doubts = doubts_about_date(question, minute_floor(starts_at), new.room.location_id if new.room else None)
    if doubts and not new.anyway:
        sentence = " ".join(reason.for_staff(rules.practice.zone) for reason in doubts)
        raise ValidationFailed(sentence, errors={"anyway": sentence})
    return [reason.code.value for reason in doubts]


def _start(zone: str, new: NewDate, now: datetime) -> datetime:
    instants = instants_of(zone, new.on, new.minute)
    if not instants:
        raise _wrong("The clocks change that night, and this time is skipped. Choose another.")
    if instants[0] <= now:
        raise _wrong("Choose a time that is still to come.")
    return instants[0]


def _wrong(sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={"start": sentence})


def _be_free(session: Session, claims: list[Claim], therapist: Therapist, now: datetime) -> None:
    """Raise SlotTaken or RoomTaken where somebody is busy. Holds that ended are released on the way."""
    ids = [one.resource_id for one in claims]
    _, times = busy_times(session, ids, claims[0].starts_at, claims[0].ends_at)
    ended = {time.appointment_id for time in times if time.is_expired(now) and time.appointment_id}
    holds.remove_expired(session, ended, now)
    busy = {time.resource_id for time in times if time.appointment_id not in ended}
    if therapist.resource_id in busy:
        raise SlotTaken("The therapist is busy at that time. Please choose another.")
    if busy:
        raise RoomTaken("The room is taken at that time. Please choose another.")
