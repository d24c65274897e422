"""Swapping two sessions' times, rooms or therapists: one act, both or neither.

Everything that the two keep and want is locked together; both give up their time, then each takes what the other had,
and the database has the last word. Whatever stands in the way of one leaves both as they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.lifecycle import OPEN, UNDO_FOR
from practice.domain.needs import Needs
from practice.domain.overriding import SOFT
from practice.domain.permissions import Identity
from practice.domain.reasons import Code
from practice.domain.rule_book import RuleBook
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Lead, Service, ServiceKind
from practice.queries.appointments import resources_of
from practice.queries.parties import attending
from practice.queries.practice import date_at, the_practice
from practice.services import audit, ledger, notices, outbox
from practice.services.finding import Override, Wish, anyway_of, find_place, named, rooms_for
from practice.services.moving import AS_BEFORE, put

SAME = "A session cannot be swapped with itself. Please choose another one."
ENDED = "One of the two is cancelled or has begun, so they cannot be swapped."
GROUP = "A group's date stays as it is: people have come to it for its time, place and lead."
NOTHING_TO_SWAP = {
    "times": "Both are at the same time already.",
    "rooms": "Both need to be in a room, and not in the same one.",
    "therapists": "Both are with the same therapist already.",
}


class What(StrEnum):
    """What two sessions give each other; all else of each stays."""

    TIMES = "times"
    ROOMS = "rooms"
    THERAPISTS = "therapists"


@dataclass(frozen=True, slots=True)
class Swap:
    """Which two sessions (public ids) give each other what.

    ``features`` are what rooms must have, by session; ``seen`` is when each was last changed as far as whoever swaps
    them knows.
    """

    one: str
    other: str
    what: What
    features: Mapping[str, Collection[str]] = field(default_factory=dict)
    seen: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as it is before."""

    id: int
    public_id: str
    status: str
    kind: str
    service_id: int
    therapist_id: int
    starts_at: datetime
    ends_at: datetime
    modality: str
    location_id: int | None
    room_id: int | None
    revised_at: datetime
    override_codes: list[str]
    override_reason: str

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def sides(session: Session, one: str, other: str) -> tuple[Side, Side]:
    """Return two sessions (public ids) as they are now. Raises NotFound, or ValidationFailed for one and the same."""
    if one == other:
        raise ValidationFailed(SAME)
    rows = session.execute(
        select(
            Appointment.id, Appointment.public_id, Appointment.status, Service.kind, Appointment.service_id,
            AppointmentTherapist.therapist_id, Appointment.starts_at, Appointment.ends_at, Appointment.modality,
            Appointment.location_id, Appointment.room_id, Appointment.revised_at, Appointment.override_codes,
            Appointment.override_reason,
        )
        .join(Service, Service.id == Appointment.service_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(
            Appointment.public_id.in_([one, other]),
            Appointment.status.in_((AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED)),
            AppointmentTherapist.part == Lead.LEAD,
        )
    )  # fmt: skip
    found = {row.public_id: Side(*tuple(row)) for row in rows}
    if len(found) != 2:
        raise NotFound
    return found[one], found[other]


def may_swap(one: Side, other: Side, what: What, now: datetime) -> None:
    """Raise ValidationFailed with the sentence that says why the two have nothing to give each other."""
    if any(side.status != AppointmentStatus.BOOKED or side.starts_at <= now for side in (one, other)):
        raise ValidationFailed(ENDED)
    if ServiceKind.GROUP in (one.kind, other.kind):
        raise ValidationFailed(GROUP)
    has_something = {
        What.TIMES: one.starts_at != other.starts_at,
        What.ROOMS: None not in (one.room_id, other.room_id) and one.room_id != other.room_id,
        What.THERAPISTS: one.therapist_id != other.therapist_id,
    }
    if not has_something[what]:
        raise ValidationFailed(NOTHING_TO_SWAP[what])


def wish_of(rules: RuleBook, side: Side, other: Side, what: What, features: Collection[str] = ()) -> Wish:
    """Return where ``side`` goes when it swaps with ``other``: as long as it is, and with what its clients need.

    In another room it breaks no more rules about its time than it did before.
    """
    room = other if what is What.ROOMS else side
    length = side.minutes if rules.offers_length(side.service_id, side.minutes) else None
    usual = rules.service_by_id[side.service_id].duration_minutes
    extra = max(0, side.minutes - usual) if length is None else 0
    kept = (SOFT - {Code.BUFFER, Code.CLOSURE}) | {code for code in SOFT if code.value in side.override_codes}
    return Wish(
        service_id=side.service_id,
        therapist_id=(other if what is What.THERAPISTS else side).therapist_id,
        starts_at=(other if what is What.TIMES else side).starts_at,
        modality="online" if side.modality == "online" else "in_person",
        location_id=room.location_id,
        room_id=room.room_id,
        duration_minutes=length,
        needs=Needs(features=frozenset(features), extra_minutes=extra),
        override=Override(kept, side.override_reason or AS_BEFORE) if what is What.ROOMS else None,
    )


def swap_appointments(
    session: Session,
    rules: RuleBook,
    swap: Swap,
    *,
    by: Identity,
    now: datetime,
    takes_back: datetime | None = None,
) -> None:
    """Swap the times, rooms or therapists of two booked sessions that have not begun.

    Their clients are told once each, as of a move: a few minutes later. ``takes_back`` is when they were swapped: if
    nothing has happened to either since, they are swapped back and nobody is told where nobody had been. Raises
    NotFound, ValidationFailed where they have nothing to swap, ImpossibleStep where one has changed since, NotOffered,
    SlotTaken or one of its kinds.
    """
    what = swap.what
    _lock(session, rules, sides(session, swap.one, swap.other), what)
    pair = sides(session, swap.one, swap.other)
    may_swap(*pair, what, now)
    expected = swap.seen if takes_back is None else (takes_back, takes_back)
    if expected is not None and [side.revised_at for side in pair] != list(expected):
        raise ImpossibleStep
    wishes = [wish_of(rules, a, b, what, swap.features.get(a.public_id, ())) for a, b in (pair, pair[::-1])]
    ledger.release(session, [side.id for side in pair])
    today = date_at(the_practice(session), now)
    for side, wish, beside in zip(pair, wishes, pair[::-1], strict=True):
        told = attending(session, side.id, OPEN, today)
        clients = [party.resource_id for party in told]
        found = find_place(session, rules, wish, by=by, now=now, clients=clients, moving=side.id)
        put(session, side.id, found, told, now)
        moved = {"from_at": side.starts_at.isoformat(), "to_at": wish.starts_at.isoformat()}
        detail = {"what": what.value, "other": beside.public_id, **moved, **anyway_of(found)}
        audit.record(session, "appointment.swapped", by=by, now=now, subject=("appointment", side.public_id), **detail)
        if takes_back is None or not outbox.withdraw(session, "moved", side.public_id, posted_at=takes_back):
            notices.tell(session, "moved", side.public_id, told, now=now, wait=UNDO_FOR)


def _lock(session: Session, rules: RuleBook, pair: tuple[Side, Side], what: What) -> None:
    """Lock all that the two keep and all that they want."""
    resources: set[int] = set()
    for side, other in (pair, pair[::-1]):
        wish = wish_of(rules, side, other, what)
        _, therapist = named(rules, wish)
        resources |= {*resources_of(session, side.id), therapist.resource_id, *rooms_for(rules, wish, therapist)}
    ledger.lock(session, resources)
