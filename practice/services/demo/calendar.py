"""The demo practice's appointments: weeks of sessions that keep hours, buffers, time away and rooms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from practice.domain.intervals import Span, overlaps
from practice.domain.rule_book import Hours
from practice.domain.weekly_hours import span_on
from practice.models import ServiceKind
from practice.services.demo.catalogue import SERVICES, ServiceSpec
from practice.services.demo.plan import ZONE, Plan
from practice.services.demo.practice import Closed, Member, Team

# How a place in a session of the past or of the future usually stands, in hundredths.
PAST = (("completed", 87), ("no_show", 5), ("cancelled", 5), ("late_cancelled", 2), ("cancelled_by_practice", 1))
AHEAD = (("booked", 94), ("cancelled", 5), ("cancelled_by_practice", 1))
LIVE = frozenset({"booked", "arrived", "completed", "no_show"})
DEMO_CLIENT, DEMO_CHILD = 0, 1


@dataclass(slots=True)
class Session:
    """One appointment to be: epoch minutes, indexes of places, rooms and people, and how each place in it stands."""

    service: ServiceSpec
    therapist: int
    start: int
    zone: str
    is_past: bool
    place: int | None = None
    room: int | None = None
    can_be_online: bool = True
    co_lead: int | None = None
    circle: int | None = None
    answer_by: datetime | None = None
    seats: list[tuple[int, str]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """When the session itself ends."""
        return self.start + self.service.minutes

    @property
    def busy(self) -> Span:
        """The span that therapist and room are busy with."""
        return self.start - self.service.before, self.end + self.service.after

    @property
    def live_seats(self) -> list[tuple[int, str]]:
        """The places that are taken."""
        return [seat for seat in self.seats if seat[1] in LIVE]

    @property
    def is_live(self) -> bool:
        """Whether it takes place: a group does whoever comes."""
        return self.service.kind == ServiceKind.GROUP or bool(self.live_seats)


@dataclass(frozen=True)
class Circle:
    """A group that meets weekly: ``weekday`` and ``minute`` of the day on the practice's clock."""

    service: ServiceSpec
    lead: int
    co_lead: int | None
    weekday: int
    minute: int
    place: int | None

    def start_on(self, on: date) -> int:
        """Return the epoch minute at which it meets on a date."""
        span = span_on(Hours(self.minute, self.minute + self.service.minutes, ZONE), on)
        assert span is not None, "no clock changes in the evening"  # noqa: S101 - a mistake in this file
        return span[0]


def all_sessions(plan: Plan, team: Team, closed: Closed, step: Callable[[int], Any]) -> list[Session]:
    """Return every session in the order of time, each with a room where it needs one. ``step`` counts therapists."""
    sessions = list(_groups(plan, team, closed))
    for member in team.members:
        taken = [one.busy for one in sessions if member.index in (one.therapist, one.co_lead)]
        sessions.extend(_Diary(plan, team, closed, member, taken).sessions())
        step(1)
    sessions.sort(key=lambda one: (one.start, one.therapist))
    return list(_with_rooms(sessions, team))


def circles(team: Team) -> list[Circle]:
    """Return the groups of the practice: two for every six therapists, and at least two."""
    by_slug = {service.slug: service for service in SERVICES}
    size = len(team.members)
    found = []
    for base in range(0, size, 6):
        last = min(base + 5, size - 1)
        co_lead = base + 3 if base + 3 <= last else None
        found.append(Circle(by_slug["move-and-play"], base, co_lead, 3 - base // 6 % 4, 17 * 60 + 30, 0))
        if base == 0 or base + 4 <= last:
            found.append(Circle(by_slug["inner-child-circle"], min(base + 4, last), None, 1, 19 * 60 + 30, None))
    return found


def _groups(plan: Plan, team: Team, closed: Closed) -> Iterator[Session]:
    for number, circle in enumerate(circles(team)):
        chance = plan.chance(f"group {number}")
        caseload = team.caseload(circle.lead)
        members = chance.sample(caseload, min(len(caseload), chance.randint(5, circle.service.capacity - 2)))
        for on in _dates(plan):
            start = circle.start_on(on)
            session = Session(
                circle.service,
                circle.lead,
                start,
                ZONE,
                is_past=on < plan.today,
                place=circle.place,
                co_lead=circle.co_lead,
                circle=number,
                can_be_online=False,
            )
            away = closed.away(circle.lead) + (closed.away(circle.co_lead) if circle.co_lead is not None else ())
            is_open = not any(overlaps((start, session.end), span) for span in (*away, *closed.at(circle.place)))
            if on.weekday() == circle.weekday and is_open:
                session.seats = [(one, _status(session, chance)) for one in members if chance.random() < 0.85]
                yield session


class _Diary:
    """One therapist's weeks, filled one row of hours at a time."""

    def __init__(self, plan: Plan, team: Team, closed: Closed, member: Member, taken: list[Span]) -> None:
        self.plan, self.closed, self.member = plan, closed, member
        self.taken = taken
        self.chance = plan.chance(f"diary {member.index}")
        self.caseload = team.caseload(member.index)
        self.regulars: dict[tuple[int, int], int] = {}
        self.services = [one for one in SERVICES if one.slug in member.spec.offers and one.share]
        self.shares = [one.share for one in self.services]

    def sessions(self) -> Iterator[Session]:
        """Yield the sessions; without clients there are none."""
        if not self.caseload:
            return
        for on in _dates(self.plan):
            rows = self.member.hours_on(on)
            for number, hours in enumerate(rows):
                span = span_on(hours, on)
                if span is not None:
                    yield from self._row(on, hours, span, is_first=number == 0, is_last=number == len(rows) - 1)

    def _row(self, on: date, hours: Hours, span: Span, *, is_first: bool, is_last: bool) -> Iterator[Session]:
        at = span[0]
        blocked = [*self.closed.away(self.member.index), *self.closed.at(hours.location_id)]
        while at < span[1]:
            ends = at + 2 * self.services[1].minutes > span[1]
            fixed = self._fixed(on, is_first=is_first and at == span[0], is_last=is_last and ends)
            chosen = self.services[1] if fixed is not None else self.chance.choices(self.services, self.shares)[0]
            session = Session(chosen, self.member.index, at, hours.zone, is_past=on < self.plan.today)
            if session.end > span[1]:
                return
            inside = (session.start, session.end)
            if any(overlaps(inside, one) for one in blocked) or any(overlaps(session.busy, one) for one in self.taken):
                at += chosen.step
                continue
            if self._meets(session, hours) and (fixed is not None or self.chance.random() < self.plan.occupancy):
                session.seats = self._seats(session, on, fixed)
                yield session
            at = span[0] + -(-(session.busy[1] - span[0]) // chosen.step) * chosen.step

    def _fixed(self, on: date, *, is_first: bool, is_last: bool) -> int | None:
        """Return who always has the first time of this day, and today's last: the demo's own clients keep theirs."""
        if self.member.index != 0 or len(self.caseload) < 2:
            return None
        if is_last and on == self.plan.today:
            return self.caseload[DEMO_CLIENT]
        return None if not is_first else {0: self.caseload[DEMO_CLIENT], 2: self.caseload[DEMO_CHILD]}.get(on.weekday())

    def _meets(self, session: Session, hours: Hours) -> bool:
        """Choose how the two meet; False where the row of hours allows neither way."""
        in_person, online = self.member.spec.offers[session.service.slug]
        session.can_be_online = hours.is_online and online and session.service.online
        can_be_here = hours.location_id is not None and in_person and session.service.in_person
        if can_be_here and (not session.can_be_online or self.chance.random() < 0.65):
            session.place = hours.location_id
        session.zone = hours.zone if session.place is not None else self.member.spec.zone
        return can_be_here or session.can_be_online

    def _seats(self, session: Session, on: date, fixed: int | None) -> list[tuple[int, str]]:
        if fixed is not None:
            return [(fixed, "completed" if session.is_past else "booked")]
        key = (on.weekday(), session.start % 1440)
        regular = self.regulars.setdefault(key, self.chance.randrange(len(self.caseload)))
        chosen = regular if self.chance.random() < 0.8 else self.chance.randrange(len(self.caseload))
        clients = [self.caseload[chosen]]
        if session.service.kind == ServiceKind.COUPLE and len(self.caseload) > 1:
            clients.append(self.caseload[chosen ^ 1 if chosen ^ 1 < len(self.caseload) else chosen - 1])
        status = _status(session, self.chance)
        return [(one, status) for one in clients]


def _status(session: Session, chance: Random) -> str:
    names, weights = zip(*(PAST if session.is_past else AHEAD), strict=True)
    return str(chance.choices(names, weights)[0])


def _dates(plan: Plan) -> list[date]:
    return [plan.first + timedelta(days=n) for n in range((plan.last - plan.first).days + 1)]


def _with_rooms(sessions: list[Session], team: Team) -> Iterator[Session]:
    """Give out rooms in the order of time. Where none is free people meet online, or not at all."""
    free_from: dict[int, int] = {}
    for session in sessions:
        if session.place is None:
            yield session
            continue
        rooms = team.rooms_of(session.place)
        wanted = reversed(rooms) if session.service.kind == ServiceKind.GROUP else rooms
        session.room = next((one for one in wanted if free_from.get(one, 0) <= session.busy[0]), None)
        if session.room is not None:
            if session.is_live:
                free_from[session.room] = session.busy[1]
            yield session
        elif session.can_be_online:
            session.place, session.zone = None, team.members[session.therapist].spec.zone
            yield session
