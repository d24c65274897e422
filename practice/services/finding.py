"""Looking again under the locks: is this time still offered, and which room does the session get?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from practice.domain.asking import Past
from practice.domain.buffers import Stretch
from practice.domain.errors import ClientBusy, GroupFull, NotFound, NotOffered, PracticeError, RoomTaken, SlotTaken
from practice.domain.explaining import Choice, Question, check_start, free_rooms, places_at, reasons_against
from practice.domain.intervals import minute_floor
from practice.domain.needs import NO_NEEDS, Needs, as_it_was, fitted
from practice.domain.overriding import is_soft
from practice.domain.permissions import Identity, Permission
from practice.domain.reasons import FOR_CLIENTS, Code, Reason
from practice.domain.rule_book import Audience, Modality, Room, RuleBook, Service, Therapist
from practice.queries.buffers import LONGEST_BUFFER, without
from practice.queries.ledger import BusyTime, busy_rows, busy_times, load_around
from practice.queries.pasts import past_of
from practice.queries.rule_book import read_rule_book
from practice.services import holds, ledger
from practice.services.ledger import Claim

BY_STAFF = "Booked by the front desk."
TAKEN: dict[Code, type[SlotTaken]] = {
    Code.BOOKED: SlotTaken,
    Code.BUFFER: SlotTaken,
    Code.HELD: SlotTaken,
    Code.OUTSIDE_CALENDAR: SlotTaken,
    Code.NO_ROOM: RoomTaken,
    Code.NO_PLACES: GroupFull,
}


@dataclass(frozen=True, slots=True)
class Override:
    """What staff book against, and why. What the ledger protects cannot be overridden."""

    codes: frozenset[Code]
    reason: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Which session somebody wants: ids of the rule book, an aware start, and how to meet; any room where none is.

    ``duration_minutes`` None is the service's own length; ``needs`` are of all who come; ``region`` is where the client
    will be ("NY"), or "" where nobody asked.
    """

    service_id: int
    therapist_id: int
    starts_at: datetime
    modality: Modality
    location_id: int | None = None
    room_id: int | None = None
    duration_minutes: int | None = None
    needs: Needs = NO_NEEDS
    region: str = ""
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where and with whom a wish can be met, as far as one transaction knows.

    ``overridden`` are the rules that staff book against, ``reason`` is why. ``service`` is as it is wished for.
    """

    service: Service
    therapist: Therapist
    starts_at: datetime
    ends_at: datetime
    modality: Modality
    location_id: int | None
    room: Room | None
    zone: str
    price_cents: int
    overridden: tuple[Code, ...] = ()
    reason: str = ""
    is_first: bool = False


def viewer_of(by: Identity) -> Audience:
    """Return what somebody may book: staff without notice, programs and signed-in clients what clients may."""
    if by.can(Permission.DESK):
        return "staff"
    return "clients" if by.is_signed_in else "public"


def named(rules: RuleBook, wish: Wish) -> tuple[Service, Therapist]:
    """Return the service of a wish, as long as it is wished for and with what is needed, and the therapist.

    A group's dates are as staff made them. Raises NotFound where either is not in the rule book.
    """
    service, therapist = rules.service_by_id.get(wish.service_id), rules.therapist_by_id.get(wish.therapist_id)
    if service is None or therapist is None:
        raise NotFound
    if service.kind != "group":
        service = fitted(service, wish.duration_minutes, wish.needs)
    return service, therapist


def as_long_as(rules: RuleBook, wish: Wish, minutes: int, lead: int | None, price_cents: int) -> Wish:
    """Return a wish for a session that is as long as one that is booked already, where no other length is asked for.

    ``lead`` is the therapist who leads that one, ``price_cents`` is what it costs.
    """
    service = rules.service_by_id.get(wish.service_id)
    if service is None or service.kind == "group" or wish.duration_minutes is not None:
        return wish
    kept = as_it_was(rules, service, minutes, lead=lead, price_cents=price_cents)
    needs = replace(wish.needs, extra_minutes=kept.extra_minutes)
    return replace(wish, duration_minutes=kept.length_minutes, needs=needs)


def rooms_for(rules: RuleBook, wish: Wish, therapist: Therapist) -> dict[int, Room]:
    """Return the rooms that the session could be given, by resource id: none online."""
    if wish.modality == "online":
        return {}
    places = rules.places_of(therapist.id) if wish.location_id is None else {wish.location_id}
    locations = (rules.location_by_id.get(place) for place in places)
    rooms = (room for location in locations if location for room in location.rooms)
    return {room.resource_id: room for room in rooms if wish.room_id in (None, room.id)}


def find_place(
    session: Session,
    rules: RuleBook,
    wish: Wish,
    *,
    by: Identity,
    now: datetime,
    clients: Collection[int] = (),
    moving: int | None = None,
) -> Found:
    """Return where the wish can be met. The caller holds the locks on therapist, rooms and clients (resource ids).

    Expired holds in the way are released. ``clients`` are those who come: rules about them are checked, and whether it
    is a first session. ``moving`` is an appointment whose own time does not stand in its way. What staff book against
    is found here too: that they need no notice is one of it. Raises NotOffered, SlotTaken, RoomTaken or ClientBusy.
    """
    besides = () if moving is None else (moving,)
    past = past_of(session, clients, wish.service_id, now=now, without=besides) if clients else None
    rules, times = _look(session, rules, wish, past, clients=clients, now=now, moving=moving)
    service, therapist = named(rules, wish)
    ends_at = wish.starts_at + timedelta(minutes=service.duration_minutes)
    busy, waived = busy_rows(times), waived_by(by, wish)
    question = Question(rules, service, therapist, busy, now, viewer_of(by), waived, wish.region, past)
    location_id = _place(question, wish, by)
    if any(time.resource_id in clients and _overlaps(time, wish.starts_at, ends_at) for time in times):
        raise ClientBusy if len(clients) == 1 else SlotTaken  # of two, nobody is told whose time it is
    room = _room(question, location_id, wish)
    overridden = against(question, wish.starts_at, Choice(wish.modality, location_id, room.id if room else None))
    return Found(
        service=service,
        therapist=therapist,
        starts_at=wish.starts_at,
        ends_at=ends_at,
        modality=wish.modality,
        location_id=location_id,
        room=room,
        zone=rules.location_by_id[location_id].zone if location_id else therapist.zone,
        price_cents=rules.price_cents(therapist.id, service.id, service.length_minutes),
        is_first=question.is_first(minute_floor(wish.starts_at)),
        overridden=overridden,
        reason=(wish.override.reason if wish.override else BY_STAFF) if overridden else "",
    )


def waived_by(by: Identity, wish: Wish) -> frozenset[Code]:
    """Return the rules that a wish is to be met against: only the desk can want that."""
    return wish.override.codes if wish.override and by.can(Permission.DESK) else frozenset()


def against(question: Question, starts_at: datetime, choice: Choice) -> tuple[Code, ...]:
    """Return what staff book against, in order: what they chose to, and the notice that only clients have to give."""
    if question.viewer != "staff":
        return ()
    reasons = reasons_against(replace(question, viewer="clients"), minute_floor(starts_at), choice)
    return tuple(reason.code for reason in reasons if is_soft(reason))


def _look(
    session: Session,
    rules: RuleBook,
    wish: Wish,
    past: Past | None,
    *,
    clients: Collection[int],
    now: datetime,
    moving: int | None,
) -> tuple[RuleBook, list[BusyTime]]:
    """Return the rules that hold now, and who is busy around the wish. Ended holds are released on the way."""
    service, therapist = named(rules, wish)
    start, further = minute_floor(wish.starts_at), timedelta() if moving is None else LONGEST_BUFFER
    may_be_first = past is None or past.is_first(therapist.id, start)
    first = wish.starts_at - timedelta(minutes=service.before_minutes) - further
    last = wish.starts_at + timedelta(minutes=service.duration_minutes + service.after_minutes) + further
    revision, times = busy_times(
        session,
        [therapist.resource_id, *rooms_for(rules, wish, therapist), *clients],
        first,
        last,
        load_around(rules, [therapist], (start, start + 1), may_be_first=may_be_first),
    )
    if revision != rules.revision:  # a rule changed since it was read: what is locked may not be all that counts
        return _look(session, _locked_anew(session, wish), wish, past, clients=clients, now=now, moving=moving)
    in_the_way = [time for time in times if time.is_expired(now) and _overlaps(time, first, last)]
    holds.remove_expired(session, {time.appointment_id for time in in_the_way if time.appointment_id}, now)
    times = [time for time in times if not time.is_expired(now)]
    return rules, times if moving is None else without(session, times, moving)


def _locked_anew(session: Session, wish: Wish) -> RuleBook:
    """Read the rules as they are, and lock the rooms that they name: late, but the database has the last word."""
    rules = read_rule_book(session)
    _, therapist = named(rules, wish)
    ledger.lock(session, [therapist.resource_id, *rooms_for(rules, wish, therapist)])
    return rules


def _place(question: Question, wish: Wish, by: Identity) -> int | None:
    """Return the place to meet at (None online), the first of the therapist's that works where none was asked for."""
    start = minute_floor(wish.starts_at)
    if wish.starts_at.second or wish.starts_at.microsecond:
        raise refusal(Reason(Code.NOT_ON_STEP), by)
    if wish.modality == "online":
        choices = [Choice("online")]
    elif wish.location_id is not None:
        choices = [Choice("in_person", wish.location_id, wish.room_id)]
    else:
        choices = [*(Choice("in_person", place) for place in places_at(question, start)), Choice("in_person")]
    for choice in choices:
        reason = check_start(question, start, choice)
        if reason is None:
            return choice.location_id
    raise refusal(reason, by)


def _room(question: Question, location_id: int | None, wish: Wish) -> Room | None:
    if location_id is None:
        return None
    start = minute_floor(wish.starts_at)
    # Where buffers may give way, a room that does not need it comes first.
    undisturbed = free_rooms(replace(question, waived=frozenset()), location_id, start) if question.waived else []
    rooms = [*undisturbed, *free_rooms(question, location_id, start)]
    free = [room for room in rooms if wish.room_id in (None, room.id)]
    if not free:
        raise RoomTaken
    return free[0]


def refusal(reason: Reason | None, by: Identity) -> PracticeError:
    """Return the error for a reason; only staff and programs are told which it is.

    Clients are told what is about themselves, or known to everybody, in words of their own.
    """
    if reason is not None and reason.code in TAKEN:
        return TAKEN[reason.code]()
    if reason is None:
        return NotOffered()
    if by.is_staff or by.kind == "token":
        return NotOffered(reason=reason.code.value)
    return NotOffered(FOR_CLIENTS.get(reason.code))


def _overlaps(time: BusyTime, starts_at: datetime, ends_at: datetime) -> bool:
    return time.starts_at < ends_at and starts_at < time.ends_at


def claims_of(found: Found) -> list[Claim]:
    """Return what therapist and room are busy with: the session and its buffers."""
    starts_at = found.starts_at - timedelta(minutes=found.service.before_minutes)
    ends_at = found.ends_at + timedelta(minutes=found.service.after_minutes)
    resources = [found.therapist.resource_id, *([found.room.resource_id] if found.room else [])]
    return [Claim(resource_id, starts_at, ends_at) for resource_id in resources]


def squeezed_in(session: Session, appointment_id: int, found: Found) -> list[Claim]:
    """Return what is left to claim for therapist and room: nothing where buffers give way, as that is done here."""
    if Code.BUFFER not in found.overridden:
        return claims_of(found)
    ledger.squeeze_in(session, appointment_id, claims_of(found), Stretch(found.starts_at, found.ends_at))
    return []


def anyway_of(found: Found) -> dict[str, list[str]]:
    """Return what the audit says of rules that staff book against: their codes, and nothing that was written."""
    return {"anyway": [code.value for code in found.overridden]} if found.overridden else {}
