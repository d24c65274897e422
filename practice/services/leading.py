"""Who leads a group's date, in which room and for how many: changed under the same locks as any other time.

A substitute takes over in one step: whoever led is free again, the new lead is busy, and those who come are told who
leads after a few minutes, so that a slip can be taken back before anybody reads of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, NotOffered, RoomTaken, SlotTaken, ValidationFailed
from practice.domain.lifecycle import OPEN, UNDO_FOR
from practice.domain.permissions import Identity
from practice.domain.rule_book import Room, RuleBook, Therapist
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Decision,
    DecisionKind,
    Lead,
    Service,
    ServiceKind,
)
from practice.queries.ledger import busy_times
from practice.queries.parties import attending
from practice.queries.practice import date_at, the_practice
from practice.services import audit, ledger, notices, outbox
from practice.services.group_dates import CO_LEAD_BUSY, LEAD_BUSY, ROOM_BUSY, decide_at, still_busy
from practice.services.ledger import Claim

FEWER = "More places than that are taken. Enter {} or more."


@dataclass(frozen=True, slots=True)
class Leads:
    """Who leads a date, and who co-leads it: ids of therapists."""

    lead: int
    co_lead: int | None = None

    @property
    def ids(self) -> frozenset[int]:
        """Both."""
        return frozenset(one for one in (self.lead, self.co_lead) if one is not None)


@dataclass(frozen=True, slots=True)
class DateChange:
    """How a date is to be: its places, the fewest it needs, its room (None is online) and who co-leads it."""

    capacity: int
    minimum: int
    room: Room | None
    co_lead: Therapist | None


@dataclass(frozen=True, slots=True)
class _Date:
    id: int
    public_id: str
    service_id: int
    starts_at: datetime
    ends_at: datetime
    before_minutes: int
    after_minutes: int
    modality: str
    location_id: int | None
    room_id: int | None
    capacity: int
    places_taken: int
    minimum: int
    revised_at: datetime


def change_date(
    session: Session, rules: RuleBook, public_id: str, change: DateChange, *, by: Identity, now: datetime
) -> None:
    """Change a date's places, fewest people, room and co-lead. Saved as it is already, nothing changes.

    Raises NotFound, ImpossibleStep (cancelled or begun), ValidationFailed (fewer places than are taken, another way to
    meet), NotOffered, SlotTaken or RoomTaken.
    """
    date, leads = _locked(session, rules, public_id, now, [change.room, change.co_lead])
    if change.capacity < date.places_taken:
        raise ValidationFailed(errors={"capacity": FEWER.format(date.places_taken)})
    if (change.room is None) != (date.location_id is None):
        raise ValidationFailed(
            errors={"place": "Those who come know this date in person, or online. Keep it that way."}
        )
    co_lead = change.co_lead.id if change.co_lead else None
    if co_lead == leads.lead:
        raise ValidationFailed(errors={"co_lead": "Choose somebody else, or nobody, to lead it with them."})
    moves_room = change.room is not None and change.room.id != date.room_id
    if moves_room:
        _take_room(session, rules, date, change.room, now)
    wanted = Leads(leads.lead, co_lead)
    if wanted != leads:
        _set_leads(session, rules, date, leads, wanted, now)
    columns = {"capacity": change.capacity, "minimum": change.minimum}
    changed = sorted(name for name, value in columns.items() if getattr(date, name) != value)
    changed += ["room"] * moves_room + ["co_lead"] * (wanted != leads)
    if not changed:
        return
    service = session.get_one(Service, date.service_id)
    grows = bool(moves_room or wanted != leads)
    session.execute(
        update(Appointment)
        .where(Appointment.id == date.id)
        .values(
            **columns,
            decide_at=decide_at(service, date.starts_at, change.minimum),
            room_id=change.room.id if change.room else None,
            location_id=change.room.location_id if change.room else None,
            sequence=Appointment.sequence + (1 if grows else 0),
            revised_at=now,
        )
    )
    audit.record(session, "group_date.changed", by=by, now=now, subject=("appointment", public_id), fields=changed)


def substitute_lead(
    session: Session,
    rules: RuleBook,
    public_id: str,
    wanted: Leads,
    *,
    by: Identity,
    now: datetime,
    takes_back: datetime | None = None,
) -> Leads:
    """Let somebody else lead a date, and return who did. A co-lead who takes over leads alone.

    ``takes_back`` is when the lead was changed last: if nothing has happened since, it goes back, and nobody is told of
    either. Raises NotFound, ImpossibleStep, NotOffered where somebody does not offer the group, and SlotTaken.
    """
    joining = [rules.therapist_by_id.get(one) for one in wanted.ids]
    if None in joining:
        raise NotFound
    date, leads = _locked(session, rules, public_id, now, joining)
    if wanted == leads:
        return leads
    if takes_back is not None and takes_back != date.revised_at:
        raise ImpossibleStep
    _set_leads(session, rules, date, leads, wanted, now)
    session.execute(
        update(Appointment).where(Appointment.id == date.id).values(sequence=Appointment.sequence + 1, revised_at=now)
    )
    session.execute(  # what was put to who led it is for who leads it now
        update(Decision)
        .where(
            Decision.appointment_id == date.id,
            Decision.kind == DecisionKind.MINIMUM,
            Decision.decided_at.is_(None),
        )
        .values(therapist_id=wanted.lead)
    )
    names = {key: rules.therapist_by_id[one].slug for key, one in (("was", leads.lead), ("leads", wanted.lead))}
    audit.record(session, "group_date.lead_changed", by=by, now=now, subject=("appointment", public_id), **names)
    if takes_back is None or not outbox.withdraw(session, "group_lead", public_id, posted_at=takes_back):
        told = attending(session, date.id, OPEN, date_at(the_practice(session), now))
        notices.tell(session, "group_lead", public_id, told, now=now, wait=UNDO_FOR)
    return leads


def free_to_lead(session: Session, rules: RuleBook, appointment: Appointment, *, now: datetime) -> list[Therapist]:
    """Return who offers the group and is free for a date, its co-lead first; whoever leads it is not among them."""
    parts = {row.therapist_id: row.part for row in appointment.therapists}
    offering = [
        one
        for one in rules.therapists
        if (offer := rules.offer_of.get((one.id, appointment.service_id)))
        and (offer.in_person if appointment.modality == "in_person" else offer.online)
        and parts.get(one.id) != Lead.LEAD
    ]
    first = appointment.starts_at - timedelta(minutes=appointment.before_minutes)
    last = appointment.ends_at + timedelta(minutes=appointment.after_minutes)
    _, times = busy_times(session, [one.resource_id for one in offering], first, last)
    busy = {time.resource_id for time in times if time.appointment_id != appointment.id and not time.is_expired(now)}
    free = [one for one in offering if one.resource_id not in busy]
    return sorted(free, key=lambda one: parts.get(one.id) != Lead.CO_LEAD)


def _locked(
    session: Session, rules: RuleBook, public_id: str, now: datetime, wanted: Collection[Room | Therapist | None]
) -> tuple[_Date, Leads]:
    """Lock whoever and whatever the date keeps busy or would, and return it and who leads it as they are then."""
    statement = (
        select(
            Appointment.id, Appointment.public_id, Appointment.service_id, Appointment.starts_at, Appointment.ends_at,
            Appointment.before_minutes, Appointment.after_minutes, Appointment.modality, Appointment.location_id,
            Appointment.room_id, Appointment.capacity, Appointment.places_taken, Appointment.minimum,
            Appointment.revised_at, Appointment.status,
        )
        .join(Service, Service.id == Appointment.service_id)
        .where(Appointment.public_id == public_id, Service.kind == ServiceKind.GROUP)
    )  # fmt: skip
    seen = session.execute(statement).one_or_none()
    if seen is None:
        raise NotFound
    rooms = {room.id: room for place in rules.locations for room in place.rooms}
    kept: list[Room | Therapist | None] = [rules.therapist_by_id.get(one) for one in _leads(session, seen.id).ids]
    kept.append(rooms.get(seen.room_id or 0))
    ledger.lock(session, [one.resource_id for one in (*kept, *wanted) if one])
    row = session.execute(statement).one()
    if row.status != AppointmentStatus.BOOKED or row.starts_at <= now:
        raise ImpossibleStep
    return _Date(*tuple(row)[:-1]), _leads(session, row.id)


def _leads(session: Session, appointment_id: int) -> Leads:
    rows = session.execute(
        select(AppointmentTherapist.part, AppointmentTherapist.therapist_id).where(
            AppointmentTherapist.appointment_id == appointment_id
        )
    )
    parts = {row.part: row.therapist_id for row in rows}
    return Leads(parts[Lead.LEAD], parts.get(Lead.CO_LEAD))


def _set_leads(session: Session, rules: RuleBook, date: _Date, was: Leads, wanted: Leads, now: datetime) -> None:
    """Release who leaves, claim who joins, and write down who does what."""
    for joining in wanted.ids - was.ids:
        therapist = rules.therapist_by_id.get(joining)
        offer = rules.offer_of.get((joining, date.service_id))
        if therapist is None or offer is None or not (offer.in_person if date.location_id else offer.online):
            raise NotOffered("This therapist does not offer this group. Please choose somebody else.")
        words = LEAD_BUSY if joining == wanted.lead else CO_LEAD_BUSY
        _take(session, date, therapist.resource_id, SlotTaken(words), now)
    leaving = [rules.therapist_by_id.get(one) for one in was.ids - wanted.ids]
    ledger.release(session, [date.id], [one.resource_id for one in leaving if one])
    session.execute(delete(AppointmentTherapist).where(AppointmentTherapist.appointment_id == date.id))
    rows = [{"therapist_id": wanted.lead, "part": Lead.LEAD}]
    if wanted.co_lead is not None:
        rows.append({"therapist_id": wanted.co_lead, "part": Lead.CO_LEAD})
    session.execute(insert(AppointmentTherapist), [{"appointment_id": date.id, **row} for row in rows])


def _take_room(session: Session, rules: RuleBook, date: _Date, room: Room | None, now: datetime) -> None:
    rooms = {one.id: one for place in rules.locations for one in place.rooms}
    before = rooms.get(date.room_id or 0)
    if room is not None:
        _take(session, date, room.resource_id, RoomTaken(ROOM_BUSY), now)
    if before is not None:
        ledger.release(session, [date.id], [before.resource_id])


def _take(session: Session, date: _Date, resource_id: int, taken: SlotTaken, now: datetime) -> None:
    """Claim the whole time of a date for one more. Raises ``taken`` where it is not free."""
    first = date.starts_at - timedelta(minutes=date.before_minutes)
    last = date.ends_at + timedelta(minutes=date.after_minutes)
    _, times = busy_times(session, [resource_id], first, last)
    if still_busy(session, times, now):
        raise taken
    ledger.claim(session, date.id, [Claim(resource_id, first, last)])
