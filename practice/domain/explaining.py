"""Why a time is offered or not, one start at a time: plain rules, no bitmaps.

``practice.domain.slots`` answers the same questions fast; this answers them with reasons, and tests hold the two
against each other. Public:

- ``explain(question, span)``: every start on the step in a span, offered or with its reason;
- ``verdict_at(question, start)``: the same for any one minute;
- ``check_start(question, start, choice)``: None, or why this one start cannot be booked: services ask it under locks;
- ``reasons_against(question, start, choice)``: all that speaks against it, for staff to weigh;
- ``free_rooms(question, location_id, start)``: the rooms of a place that are free for the session and its buffers;
- ``check_session(question, session)``: None, or why this date of a group cannot be joined;
- ``doubts_about_date(question, start, location_id)``: what speaks against making a new date of a group.

*Starts on the step* are, inside a row of hours, the multiples of the service's step from the row's start; outside all
rows, the multiples of the step from midnight on the wall in the therapist's zone. The first rule that a start breaks
is its reason, in this order: who may book and in which length, what whoever comes has had or has booked already, too
soon or too far, hours, modality, licence, closure of the practice, time off, busy (a session before a hold, a hold
before a buffer), the therapist's load guard, closure of the place, no room that fits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from practice.domain.asking import NOTHING_YET, Asking, Past
from practice.domain.coming import against_those_who_come
from practice.domain.guarding import too_much
from practice.domain.intervals import Span, instant, overlaps
from practice.domain.licensing import is_licensed
from practice.domain.load import Meeting
from practice.domain.overriding import is_soft
from practice.domain.reasons import Code, Reason
from practice.domain.rule_book import Audience as Viewer
from practice.domain.rule_book import Hours, Modality, Room, RuleBook, Service, Therapist
from practice.domain.slots import GroupSession, Ways
from practice.domain.weekly_hours import date_of, dates_near, days_span, hours_touching

BusyKind = Literal["booked", "held", "outside"]


@dataclass(frozen=True, slots=True)
class BusyRow:
    """One span that a resource is busy with: ``span`` with buffers, ``core`` the session alone.

    A row with ``held_until`` is busy until then only. ``is_first``: it is its client's first with that therapist.
    """

    resource_id: int
    span: Span
    core: Span
    kind: BusyKind = "booked"
    held_until: datetime | None = None
    subject: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Question:
    """Who asks for what, and what is known: ``busy`` holds the rows of the therapist and of the rooms.

    For a therapist with a load guard it holds the rows of their whole week, and of two days around the start.
    ``service`` is one of the rule book, or what ``fitted`` made of one. ``waived`` are reasons that staff chose to book
    against; what the ledger protects cannot be waived. ``region`` is where the client will be, or "". ``past`` is what
    those who come have had and booked; without it a stranger is somebody new, and anybody else nobody in particular.
    """

    rules: RuleBook
    service: Service
    therapist: Therapist
    busy: Sequence[BusyRow]
    now: datetime
    viewer: Viewer = "public"
    waived: frozenset[Code] = field(default_factory=frozenset)
    region: str = ""
    past: Past | None = None

    def asked_by(self, asking: Asking) -> "Question":
        """Return the question as somebody asks it. The service must be as they want it already."""
        return replace(self, region=asking.region, past=asking.past)

    @property
    def known(self) -> Past | None:
        """What is known of those who come; None where nobody in particular does."""
        return NOTHING_YET if self.past is None and self.viewer == "public" else self.past

    @property
    def regions(self) -> frozenset[str]:
        """Every region in which one of those who come will be, as far as it is known.

        What is said now counts instead of what one client said before; of two, each may be somewhere else.
        """
        said_before = self.past.regions if self.past and (len(self.past.starts) > 1 or not self.region) else ()
        return frozenset({self.region, *said_before}) - {""}

    def is_first(self, start: int) -> bool:
        """Whether a session then would be the first with this therapist for one of those who come."""
        return self.known is not None and self.known.is_first(self.therapist.id, start)

    def meetings(self) -> list[Meeting]:
        """Return the therapist's sessions, held ones too, as the load guard counts them."""
        rows = self.rows_of(self.therapist.resource_id)
        return list({Meeting(row.span, row.core[0], row.is_first) for row in rows if row.kind != "outside"})

    def is_waived(self, reason: Reason) -> bool:
        """Whether staff chose to book against this reason."""
        return reason.code in self.waived and is_soft(reason)

    def rows_of(self, resource_id: int) -> Iterator[BusyRow]:
        """Yield the rows of a resource that are still busy."""
        for row in self.busy:
            if row.resource_id == resource_id and (row.held_until is None or row.held_until > self.now):
                yield row


class Choice(NamedTuple):
    """How somebody wants to meet; without a location or room, any will do."""

    modality: Modality
    location_id: int | None = None
    room_id: int | None = None


class Verdict(NamedTuple):
    """A start on the step: the ways to meet where it is offered, else the reason."""

    start: int
    ways: Ways | None
    reason: Reason | None


def explain(question: Question, span: Span) -> list[Verdict]:
    """Return every start on the step in ``span`` in order, each offered or with the reason why not."""
    return [verdict_at(question, start) for start in starts_on_step(question, span)]


def verdict_at(question: Question, start: int) -> Verdict:
    """Return whether a session can start at a minute, on the step or not, and how, or the reason why not."""
    reasons, places, online = [], [], False
    for modality, location_id in _choices(question, start):
        reason = check_start(question, start, Choice(modality, location_id))
        if reason is not None:
            reasons.append(reason)
        elif location_id is None:
            online = True
        else:
            places.append(location_id)
    if places or online:
        return Verdict(start, Ways(tuple(places), online), None)
    return Verdict(start, None, _most_telling(reasons))


def _most_telling(reasons: list[Reason]) -> Reason:
    """A way to meet that was never on offer says less than what stands in the way of another."""
    return next((reason for reason in reasons if reason.code is not Code.OTHER_MODALITY), reasons[0])


def starts_on_step(question: Question, span: Span) -> list[int]:
    """Return every start on the step in ``span``, in order. See the module for what is on the step."""
    therapist, step = question.therapist, question.service.step_minutes
    rows = [row for _, row in hours_touching(question.rules, therapist.id, span)]
    inside = {start for row in rows for start in range(row[0], row[1], step)}
    midnights = (days_span(therapist.zone, on, on) for on in dates_near(span))
    outside = {
        start
        for first, end in midnights
        for start in range(first, end, step)
        if not any(row[0] <= start < row[1] for row in rows)
    }
    return sorted(start for start in inside | outside if span[0] <= start < span[1])


def _choices(question: Question, start: int) -> list[tuple[Modality, int | None]]:
    """Return the ways to meet that could be asked for at a start."""
    in_person: list[tuple[Modality, int | None]] = [("in_person", place) for place in places_at(question, start)]
    return [*in_person, ("online", None)]


def places_at(question: Question, start: int) -> list[int]:
    """Return the ids of the places at which the therapist works at a start, in the order of the rows of hours."""
    places = [hours.location_id for hours in _rows_at(question, start) if hours.location_id is not None]
    return list(dict.fromkeys(places))


def check_start(question: Question, start: int, choice: Choice) -> Reason | None:
    """Return why the session cannot start then in the chosen way, or None where it can."""
    for reason in _reasons(question, start, choice):
        if not question.is_waived(reason):
            return reason
    return None


def reasons_against(question: Question, start: int, choice: Choice) -> list[Reason]:
    """Return every reason against a start in the chosen way, waived or not, in order, the first of each code.

    Where a room is free but for the buffers beside it, that is the buffers' reason.
    """
    question, found = replace(question, waived=frozenset()), dict[Code, Reason]()
    for reason in _reasons(question, start, choice):
        told = _close_room(question, start, choice) if reason.code is Code.NO_ROOM else None
        found.setdefault((told or reason).code, told or reason)
    return list(found.values())


def _close_room(question: Question, start: int, choice: Choice) -> Reason | None:
    close = replace(question, waived=frozenset({Code.BUFFER}))
    places = places_at(question, start) if choice.location_id is None else [choice.location_id]
    rooms = [room for place in places for room in free_rooms(close, place, start)]
    room = next((room for room in rooms if choice.room_id in (None, room.id)), None)
    return next(_busy(question, room.resource_id, start), None) if room else None


def check_people(question: Question, start: int, choice: Choice) -> Reason | None:
    """Return why those who come cannot have a session that was held for them already, or None where they can.

    A first session counts among the rows of ``question``; what else the therapist does was looked at for the hold.
    """
    found = [*_so_far(question, start), *_licence(question, start, choice)]
    if question.busy:
        found += [reason for reason in _load(question, start) if reason.code is Code.TOO_MANY_FIRST_SESSIONS]
    return next(iter(found), None)


def _reasons(question: Question, start: int, choice: Choice) -> Iterator[Reason]:
    session = (start, start + question.service.duration_minutes)
    yield from _who(question)
    yield from _so_far(question, start)
    yield from _how_far_ahead(question, start)
    yield from _hours(question, start, choice)
    yield from _licence(question, start, choice)
    for closed in question.rules.closures_of(None):
        if overlaps(closed, session):
            yield Reason(Code.CLOSURE, closed)
    for off in question.rules.time_off_of(question.therapist.id):
        if overlaps(off, session):
            yield Reason(Code.TIME_OFF, off)
    yield from _busy(question, question.therapist.resource_id, start)
    yield from _load(question, start)
    if choice.modality == "in_person":
        yield from _place(question, start, choice)


def _who(question: Question) -> Iterator[Reason]:
    service, therapist, viewer = question.service, question.therapist, question.viewer
    for audience in (service.audience, therapist.listing):
        if audience == "staff" and viewer != "staff":
            yield Reason(Code.STAFF_ONLY)
        if audience == "clients" and viewer == "public":
            yield Reason(Code.CLIENTS_ONLY)
    if viewer == "public" and not therapist.takes_new_clients:
        yield Reason(Code.NO_NEW_CLIENTS)
    if (therapist.id, service.id) not in question.rules.offer_of:
        yield Reason(Code.NOT_OFFERED_BY_THERAPIST)
    if service.with_interpreter and not therapist.works_with_interpreter:
        yield Reason(Code.NO_INTERPRETER)
    if not question.rules.offers_length(service.id, service.length_minutes):
        yield Reason(Code.DURATION_NOT_OFFERED)
    if service.kind == "group":
        yield Reason(Code.GROUP_DATES_ONLY)


def _so_far(question: Question, start: int) -> Iterator[Reason]:
    if question.known is not None:
        yield from against_those_who_come(question.rules, question.service, question.known, start)


def _licence(question: Question, start: int, choice: Choice) -> Iterator[Reason]:
    if choice.modality == "online" and not is_licensed(question.rules, question.therapist, question.regions, start):
        yield Reason(Code.NOT_LICENSED)


def _how_far_ahead(question: Question, start: int) -> Iterator[Reason]:
    practice, service = question.rules.practice, question.service
    notice = practice.notice_minutes if service.notice_minutes is None else service.notice_minutes
    if question.viewer == "staff":
        notice = 0
    if instant(start) < question.now + timedelta(minutes=notice):
        yield Reason(Code.TOO_SOON, is_firm=instant(start) < question.now)
    days = practice.window_days if service.window_days is None else service.window_days
    today = date_of(practice.zone, (question.now - instant(0)) // timedelta(minutes=1))
    if date_of(practice.zone, start) > today + timedelta(days=days):
        yield Reason(Code.TOO_FAR)


def _rows_at(question: Question, start: int) -> list[Hours]:
    """Return the rows of hours with this start on their step and the whole session inside."""
    service = question.service
    return [
        hours
        for hours, row in hours_touching(question.rules, question.therapist.id, (start, start + 1))
        if (start - row[0]) % service.step_minutes == 0 and start + service.duration_minutes <= row[1]
    ]


def _hours(question: Question, start: int, choice: Choice) -> Iterator[Reason]:
    rows = _rows_at(question, start)
    service = question.service
    offer = question.rules.offer_of.get((question.therapist.id, service.id))
    if not rows:
        around = [row for _, row in hours_touching(question.rules, question.therapist.id, (start, start + 1))]
        inside = [row for row in around if start + service.duration_minutes <= row[1]]
        yield Reason(Code.NOT_ON_STEP, inside[0]) if inside else Reason(Code.OUTSIDE_HOURS, next(iter(around), None))
    if choice.modality == "online":
        has_way = service.online and (offer is None or offer.online)
        has_row = any(hours.is_online for hours in rows)
    else:
        has_way = service.in_person and (offer is None or offer.in_person)
        has_row = any(_is_at(hours, choice) for hours in rows)
    if not has_way or (rows and not has_row):
        yield Reason(Code.OTHER_MODALITY, is_firm=not has_way)


def _is_at(hours: Hours, choice: Choice) -> bool:
    return hours.location_id is not None and choice.location_id in (None, hours.location_id)


def _busy(question: Question, resource_id: int, start: int) -> Iterator[Reason]:
    service = question.service
    session = (start, start + service.duration_minutes)
    taken = (session[0] - service.before_minutes, session[1] + service.after_minutes)
    rows = sorted(question.rows_of(resource_id), key=lambda row: row.kind == "held")
    codes = {"booked": Code.BOOKED, "held": Code.HELD, "outside": Code.OUTSIDE_CALENDAR}
    for row in rows:
        if overlaps(row.core, session):
            yield Reason(codes[row.kind], row.core, row.subject)
    for row in rows:
        if overlaps(row.span, taken) and not overlaps(row.core, session):
            yield Reason(Code.BUFFER, row.span, row.subject)


def _load(question: Question, start: int) -> Iterator[Reason]:
    whom, zone = question.therapist, question.rules.practice.zone
    if whom.has_guard:
        is_first = question.is_first(start)
        yield from too_much(whom, zone, question.meetings(), question.service, start, is_first=is_first)


def _place(question: Question, start: int, choice: Choice) -> Iterator[Reason]:
    session = (start, start + question.service.duration_minutes)
    named = [hours.location_id for hours in _rows_at(question, start) if hours.location_id is not None]
    places = list(dict.fromkeys(named)) if choice.location_id is None else [choice.location_id]
    closures = [closed for place in places for closed in question.rules.closures_of(place) if overlaps(closed, session)]
    still_open = [
        place for place in places if not any(overlaps(closed, session) for closed in question.rules.closures_of(place))
    ]
    if closures and not still_open:
        yield Reason(Code.CLOSURE, closures[0])
        still_open = places
    rooms = [room for place in still_open for room in free_rooms(question, place, start)]
    if not any(choice.room_id in (None, room.id) for room in rooms):
        yield Reason(Code.NO_ROOM)


def free_rooms(question: Question, location_id: int, start: int) -> list[Room]:
    """Return the rooms of a place that have what is needed and are free for the session with its buffers.

    They come in the order to give them out. Where buffers are waived the session alone must fit.
    """
    location = question.rules.location_by_id.get(location_id)
    rooms = location.rooms if location else ()
    return [
        room
        for room in rooms
        if question.service.room_features <= room.features
        and all(question.is_waived(reason) for reason in _busy(question, room.resource_id, start))
    ]


def check_session(question: Question, session: GroupSession) -> Reason | None:
    """Return why a place in this date of a group cannot be taken, or None where it can."""
    reasons = [reason for reason in _who(question) if reason.code is not Code.GROUP_DATES_ONLY]
    reasons = [reason for reason in reasons if reason.code not in (Code.NO_NEW_CLIENTS, Code.NOT_OFFERED_BY_THERAPIST)]
    reasons += [*_so_far(question, session.start), *_how_far_ahead(question, session.start)]
    if session.places_taken >= session.capacity:
        reasons.append(Reason(Code.NO_PLACES, (session.start, session.end)))
    return next((reason for reason in reasons if not question.is_waived(reason)), None)


def doubts_about_date(question: Question, start: int, location_id: int | None) -> list[Reason]:
    """Return what speaks against a new date of a group at a place (None is online), for whoever makes it to weigh.

    What the ledger forbids is not among it.
    """
    session = (start, start + question.service.duration_minutes)
    rules, therapist = question.rules, question.therapist
    doubts = [reason for reason in _how_far_ahead(question, start) if reason.code is Code.TOO_FAR]
    rows = [(hours, row) for hours, row in hours_touching(rules, therapist.id, session)]
    fitting = [hours for hours, row in rows if row[0] <= session[0] and session[1] <= row[1]]
    if not fitting:
        doubts.append(Reason(Code.OUTSIDE_HOURS, next((row for _, row in rows), None)))
    elif not any(hours.is_online if location_id is None else hours.location_id == location_id for hours in fitting):
        doubts.append(Reason(Code.OTHER_MODALITY))
    closures = [*rules.closures_of(None), *(rules.closures_of(location_id) if location_id is not None else ())]
    doubts += [Reason(Code.CLOSURE, closed) for closed in closures if overlaps(closed, session)]
    doubts += [Reason(Code.TIME_OFF, off) for off in rules.time_off_of(therapist.id) if overlaps(off, session)]
    return [*doubts, *_load(question, start)]
