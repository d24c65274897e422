"""Dates of a group: staff say when it meets, who leads it and where; clients then take its places."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotOffered, RoomTaken, SlotTaken, ValidationFailed
from practice.domain.explaining import Question, doubts_about_date
from practice.domain.intervals import minute_floor
from practice.domain.permissions import Identity
from practice.domain.reasons import Reason
from practice.domain.rule_book import Room, RuleBook, Service, Therapist
from practice.domain.wall_time import instants_of
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Lead
from practice.models import Service as ServiceRow
from practice.queries.ledger import BusyTime, busy_rows, busy_times, load_around
from practice.services import audit, holds, ledger
from practice.services.ledger import Claim

SKIPPED = "The clocks change that night, and this time is skipped. Choose another."
HAS_BEEN = "Choose a time that is still to come."
LEAD_BUSY = "The therapist is busy at that time. Please choose another."
CO_LEAD_BUSY = "The co-lead is busy at that time. Please choose another."
ROOM_BUSY = "The room is taken at that time. Please choose another."


@dataclass(frozen=True, slots=True)
class NewDate:
    """When a group meets on the clock of its place, who leads it, and in which room: None is online.

    ``anyway`` makes the date outside hours, in time off, while it is closed, or further ahead than times are offered.
    ``minimum`` None is as the service has it.
    """

    service: Service
    therapist: Therapist
    room: Room | None
    on: date
    minute: int
    capacity: int
    anyway: bool = False
    co_lead: Therapist | None = None
    minimum: int | None = None

    @property
    def leads(self) -> tuple[Therapist, ...]:
        """Who leads it, and then who co-leads it."""
        return (self.therapist, self.co_lead) if self.co_lead else (self.therapist,)


@dataclass(frozen=True, slots=True)
class Planned:
    """A date that could be made: when it would begin, what forbids it ("" nothing), what speaks against it."""

    new: NewDate
    starts_at: datetime | None
    stop: str = ""
    doubts: tuple[Reason, ...] = ()


def add_date(session: Session, rules: RuleBook, new: NewDate, *, by: Identity, now: datetime) -> str:
    """Make a date of a group and return its public id; the very same one sent again is one.

    Raises NotOffered, ValidationFailed for a time that never comes or has been, and for what speaks against the date
    unless it is to be made ``anyway``, SlotTaken or RoomTaken.
    """
    check_way(rules, new)
    starts_at = _start(rules, new)
    if starts_at is None or starts_at <= now:
        sentence = SKIPPED if starts_at is None else HAS_BEEN
        raise ValidationFailed(sentence, errors={"start": sentence})
    claims = _claims(new, starts_at)
    ledger.lock(session, [one.resource_id for one in claims])
    same = _same_date(session, new, starts_at)
    if same is not None:
        return same
    doubts = _doubts(session, rules, new, starts_at, now)
    if doubts and not new.anyway:
        sentence = " ".join(reason.for_staff(rules.practice.zone) for reason in doubts)
        raise ValidationFailed(sentence, errors={"anyway": sentence})
    _be_free(session, claims, new, now)
    return make_date(session, rules, new, starts_at, doubts, by=by, now=now).public_id


def _same_date(session: Session, new: NewDate, starts_at: datetime) -> str | None:
    """Return the date that is there already with this time, place, lead and number of places, or None."""
    leads = exists().where(
        AppointmentTherapist.appointment_id == Appointment.id,
        AppointmentTherapist.therapist_id == new.therapist.id,
        AppointmentTherapist.part == Lead.LEAD,
    )
    return session.scalar(
        select(Appointment.public_id)
        .where(
            Appointment.service_id == new.service.id,
            Appointment.starts_at == starts_at,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.room_id.is_not_distinct_from(new.room.id if new.room else None),
            Appointment.capacity == new.capacity,
            leads,
        )
        .limit(1)
    )


def plan_dates(session: Session, rules: RuleBook, news: Iterable[NewDate], now: datetime) -> list[Planned]:
    """Return the dates as they could be made now, each with what forbids it and what speaks against it."""
    planned = []
    for new in news:
        starts_at = _start(rules, new)
        if starts_at is None or starts_at <= now:
            planned.append(Planned(new, starts_at, SKIPPED if starts_at is None else HAS_BEEN))
            continue
        claims = _claims(new, starts_at)
        _, times = busy_times(session, [one.resource_id for one in claims], claims[0].starts_at, claims[0].ends_at)
        busy = {time.resource_id for time in times if not time.is_expired(now)}
        planned.append(Planned(new, starts_at, _stop(new, busy), tuple(_doubts(session, rules, new, starts_at, now))))
    return planned


def lock_dates(session: Session, planned: Iterable[Planned]) -> None:
    """Lock everybody and everything that the dates would take, together."""
    ledger.lock(
        session,
        {one.resource_id for each in planned if each.starts_at for one in _claims(each.new, each.starts_at)},
    )


def make_date(
    session: Session,
    rules: RuleBook,
    new: NewDate,
    starts_at: datetime,
    doubts: Iterable[Reason] = (),
    *,
    by: Identity,
    now: datetime,
    course_id: int | None = None,
) -> Appointment:
    """Write a date whose time is locked and was looked at. The database has the last word."""
    service, room = new.service, new.room
    row = session.get_one(ServiceRow, service.id)
    minimum = row.minimum if new.minimum is None else new.minimum
    made = Appointment(
        status=AppointmentStatus.BOOKED,
        service_id=service.id,
        modality="in_person" if room else "online",
        location_id=room.location_id if room else None,
        room_id=room.id if room else None,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=service.duration_minutes),
        zone=zone_of(rules, new),
        before_minutes=service.before_minutes,
        after_minutes=service.after_minutes,
        capacity=new.capacity,
        places_taken=0,
        price_cents=rules.price_cents(new.therapist.id, service.id),
        course_id=course_id,
        minimum=minimum,
        decide_at=decide_at(row, starts_at, minimum),
        below_minimum=row.below_minimum,
        created_at=now,
        revised_at=now,
    )
    session.add(made)
    session.flush()
    for therapist, part in zip(new.leads, (Lead.LEAD, Lead.CO_LEAD), strict=False):
        session.add(AppointmentTherapist(appointment_id=made.id, therapist_id=therapist.id, part=part))
    session.flush()
    ledger.claim(session, made.id, _claims(new, starts_at))
    codes = [reason.code.value for reason in doubts]
    audit.record(session, "group_date.added", by=by, now=now, subject=("appointment", made.public_id), anyway=codes)
    return made


def decide_at(service: ServiceRow, starts_at: datetime, minimum: int) -> datetime | None:
    """Return when a date with too few people is put to its lead; None where any number will do."""
    return starts_at - timedelta(hours=service.decide_hours) if minimum else None


def check_way(rules: RuleBook, new: NewDate) -> None:
    """Raise NotOffered where the group does not meet that way with those who lead it."""
    service = new.service
    for therapist in new.leads:
        offer = rules.offer_of.get((therapist.id, service.id))
        if service.kind != "group" or offer is None:
            raise NotOffered
        if not (service.in_person and offer.in_person if new.room else service.online and offer.online):
            raise NotOffered("This group does not meet that way with this therapist. Please choose another place.")
    if new.co_lead and new.co_lead.id == new.therapist.id:
        raise ValidationFailed(errors={"co_lead": "Choose somebody else, or nobody, to lead it with them."})


def zone_of(rules: RuleBook, new: NewDate) -> str:
    """Return the zone of the clock by which the group meets: its place's, or online its lead's."""
    return rules.location_by_id[new.room.location_id].zone if new.room else new.therapist.zone


def _start(rules: RuleBook, new: NewDate) -> datetime | None:
    """Return when it begins: the first time that its clock shows it, or None where it never does."""
    return next(iter(instants_of(zone_of(rules, new), new.on, new.minute)), None)


def _claims(new: NewDate, starts_at: datetime) -> list[Claim]:
    service = new.service
    first = starts_at - timedelta(minutes=service.before_minutes)
    last = starts_at + timedelta(minutes=service.duration_minutes + service.after_minutes)
    return [Claim(who.resource_id, first, last) for who in (*new.leads, new.room) if who]


def _doubts(session: Session, rules: RuleBook, new: NewDate, starts_at: datetime, now: datetime) -> list[Reason]:
    """Return what speaks against a date; of those who lead it, each reason once."""
    found: dict[tuple[str, object], Reason] = {}
    place = new.room.location_id if new.room else None
    for therapist in new.leads:
        question = Question(rules, new.service, therapist, (), now, "staff")
        for reason in doubts_about(session, question, starts_at, place):
            found.setdefault((reason.code.value, reason.span), reason)
    return list(found.values())


def doubts_about(
    session: Session, question: Question, starts_at: datetime, location_id: int | None, *, besides: int | None = None
) -> list[Reason]:
    """Return what speaks against somebody leading a date then, their load guard included; the question knows no times.

    ``besides`` is an appointment (an id) that does not count: the date itself, where they are part of it already.
    """
    start, whom = minute_floor(starts_at), question.therapist
    load = load_around(question.rules, [whom], (start, start + question.service.duration_minutes))
    times = busy_times(session, [whom.resource_id], starts_at, starts_at, load)[1] if load else []
    busy = busy_rows(time for time in times if besides is None or time.appointment_id != besides)
    return doubts_about_date(replace(question, busy=busy), start, location_id)


def _stop(new: NewDate, busy: set[int]) -> str:
    if new.therapist.resource_id in busy:
        return LEAD_BUSY
    if new.co_lead and new.co_lead.resource_id in busy:
        return CO_LEAD_BUSY
    return ROOM_BUSY if busy else ""


def _be_free(session: Session, claims: list[Claim], new: NewDate, now: datetime) -> None:
    """Raise SlotTaken or RoomTaken where somebody is busy. Holds that ended are released on the way."""
    ids = [one.resource_id for one in claims]
    _, times = busy_times(session, ids, claims[0].starts_at, claims[0].ends_at)
    stop = _stop(new, still_busy(session, times, now))
    if stop:
        raise RoomTaken(stop) if stop == ROOM_BUSY else SlotTaken(stop)


def still_busy(session: Session, times: Iterable[BusyTime], now: datetime) -> set[int]:
    """Release the holds that ended among what was found, and return the resources that are busy all the same."""
    times = list(times)
    ended = {time.appointment_id for time in times if time.is_expired(now) and time.appointment_id}
    holds.remove_expired(session, ended, now)
    return {time.resource_id for time in times if time.appointment_id not in ended}
