"""Planning a series: every date first, each with the place that it would have or the reason why it cannot be.

The rules are those of any booking (``practice.domain.explaining``), asked for all dates with one read of the ledger.
Staff plan series, so neither notice nor how far ahead people book stands in the way.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from practice.domain.asking import Past
from practice.domain.errors import NotFound
from practice.domain.explaining import Choice, Question, check_start, free_rooms, starts_on_step
from practice.domain.intervals import DAY, Span, instant, minute_floor, outer_span, overlaps
from practice.domain.needs import NO_NEEDS, Needs, fitted
from practice.domain.reasons import Code, Reason
from practice.domain.rule_book import Modality, Room, RuleBook, Service, Therapist
from practice.domain.series import Occurrence, Rule, last_date, occurrences
from practice.domain.weekly_hours import date_of
from practice.queries.ledger import BusyTime, busy_rows, busy_times
from practice.queries.pasts import past_of
from practice.queries.rule_book import read_rule_book
from practice.services.finding import Found

FURTHER: frozenset[Code] = frozenset({Code.TOO_SOON, Code.TOO_FAR})
NEAR_DAYS, NEAR_TIMES = 6, 6
A_WEEK = 9  # days that a week and what touches it can reach to either side
NOTHING: Mapping[int, datetime] = {}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What repeats: ids of the rule book, the rule, how people meet, and the room that they had, to be kept if free.

    ``duration_minutes`` is how long it takes, with what is added for those who come; ``needs`` are theirs.
    """

    rule: Rule
    service_id: int
    therapist_id: int
    modality: Modality
    location_id: int | None
    duration_minutes: int
    skips_closures: bool = True
    room_id: int | None = None
    needs: Needs = NO_NEEDS


@dataclass(frozen=True, slots=True)
class Planned:
    """One date of a plan: ``found`` is where it would be, ``reason`` why it cannot be; a closed day has neither."""

    on: date
    starts_at: datetime
    found: Found | None = None
    reason: Reason | None = None

    @property
    def start(self) -> int:
        """Its original start as an epoch minute."""
        return minute_floor(self.starts_at)

    @property
    def is_closed(self) -> bool:
        """Whether the practice is closed then, and the date is skipped by choice."""
        return self.found is None and self.reason is None


@dataclass(frozen=True)
class Plan:
    """A plan with what it stands on: who is busy when. ``clients`` are resource ids; ``times`` come in order."""

    rules: RuleBook
    pattern: Pattern
    service: Service
    therapist: Therapist
    now: datetime
    times: Sequence[BusyTime]
    clients: frozenset[int]
    dates: tuple[Occurrence, ...]
    until: date
    past: Past | None = None

    @cached_property
    def planned(self) -> list[Planned]:
        """Every date, in order."""
        return [self._planned(each) for each in self.dates]

    def _planned(self, each: Occurrence) -> Planned:
        starts_at = instant(each.start)
        if each.is_closed:
            return Planned(each.on, starts_at)
        found = self.find(each.start)
        if isinstance(found, Reason):
            return Planned(each.on, starts_at, reason=found)
        return Planned(each.on, starts_at, found=found)

    def find(self, start: int) -> Found | Reason:
        """Return where the session could be at an epoch minute, or why it cannot."""
        question = self._question(start)
        reason = check_start(question, start, Choice(self.pattern.modality, self.pattern.location_id))
        reason = reason or self._client_busy(start)
        if reason is not None:
            return reason
        starts_at, place = instant(start), self.pattern.location_id
        rooms = [] if place is None else free_rooms(question, place, start)
        return Found(
            service=self.service,
            therapist=self.therapist,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.service.duration_minutes),
            modality=self.pattern.modality,
            location_id=place,
            room=_preferred(rooms, self.pattern.room_id),
            zone=self.pattern.rule.zone,
            price_cents=self.rules.price_cents(self.therapist.id, self.service.id, self.service.length_minutes),
            is_first=question.is_first(start),
        )

    def near(self, start: int) -> list[int]:
        """Return a few starts close to one that cannot be, at which the session could be, in order."""
        zone, length = self.pattern.rule.zone, self.service.duration_minutes
        first, last = start - NEAR_DAYS * DAY, start + NEAR_DAYS * DAY
        span = (max(first, minute_floor(self.now) + 1), last)
        around = sorted(starts_on_step(self._question(start), span), key=lambda at: abs(at - start))
        others = [(each.start, each.start + length) for each in self.dates if each.start != start]
        chosen: list[int] = []
        for at in around:
            if len(chosen) == NEAR_TIMES:
                break
            same_day = sum(date_of(zone, one) == date_of(zone, at) for one in chosen)
            if same_day < NEAR_TIMES // 2 and not any(overlaps(one, (at, at + length)) for one in others):
                chosen += [at] if isinstance(self.find(at), Found) else []
        return sorted(chosen)

    def _question(self, start: int) -> Question:
        near, whom = self._around(start, 1), self.therapist
        if whom.has_guard:  # it looks at whole weeks
            others = [time for time in near if time.resource_id != whom.resource_id]
            near = [*others, *(time for time in self._around(start, A_WEEK) if time.resource_id == whom.resource_id)]
        return Question(self.rules, self.service, whom, busy_rows(near), self.now, "staff", FURTHER, past=self.past)

    def _around(self, start: int, days: int) -> list[BusyTime]:
        day = start // DAY
        return [time for on in range(day - days, day + days + 1) for time in self._days.get(on, ())]

    @cached_property
    def _days(self) -> Mapping[int, Sequence[BusyTime]]:
        days: dict[int, list[BusyTime]] = {}
        for time in self.times:
            days.setdefault(minute_floor(time.starts_at) // DAY, []).append(time)
        return days

    def _client_busy(self, start: int) -> Reason | None:
        session = (start, start + self.service.duration_minutes)
        for time in self._around(start, 1):
            span = outer_span(time.starts_at, time.ends_at)
            if time.resource_id in self.clients and overlaps(span, session) and not time.is_expired(self.now):
                return Reason(Code.CLIENT_BUSY, span, time.public_id or "")
        return None


def plan_series(
    session: Session,
    rules: RuleBook,
    pattern: Pattern,
    clients: Collection[int],
    *,
    now: datetime,
    after: date | None = None,
    until: date | None = None,
    ignoring: Mapping[int, datetime] = NOTHING,
) -> Plan:
    """Return the plan of a pattern for clients (resource ids): its dates that are still to come, none made yet.

    With ``after`` only later dates are planned, with ``until`` no later ones than that. ``ignoring`` are appointments
    with their starts, whose own time does not stand in the way. Two statements, or three where a rule changed since
    ``rules`` was read.
    Raises NotFound where the rule book holds no such service or therapist any more.
    """
    service, therapist = _named(rules, pattern)
    rule = pattern.rule
    until = until or last_date(rule, date_of(rule.zone, minute_floor(now)))
    closures = [*rules.closures_of(None), *_closures_of(rules, pattern)] if pattern.skips_closures else []
    dates = occurrences(rule, service.duration_minutes, until, closures=closures, after=after)
    dates = [each for each in dates if instant(each.start) > now]
    resources = {therapist.resource_id, *rooms_of(rules, pattern), *clients}
    first, last = _reach(dates, minute_floor(now))
    revision, times = busy_times(session, resources, instant(first), instant(last))
    if revision != rules.revision:
        anew = read_rule_book(session)
        return plan_series(session, anew, pattern, clients, now=now, after=after, until=until, ignoring=ignoring)
    times = [time for time in times if time.appointment_id is None or time.appointment_id not in ignoring]
    past = past_of(session, clients, service.id, now=now, without=ignoring)
    if dates:  # once it has begun, nothing later is a first session
        past = past.after_meeting(therapist.id, dates[0].start)
    return Plan(rules, pattern, service, therapist, now, times, frozenset(clients), tuple(dates), until, past)


def rooms_of(rules: RuleBook, pattern: Pattern) -> dict[int, Room]:
    """Return the rooms that a pattern's sessions could be given, by resource id: none online."""
    place = rules.location_by_id.get(pattern.location_id) if pattern.location_id else None
    return {room.resource_id: room for room in place.rooms} if place else {}


def _named(rules: RuleBook, pattern: Pattern) -> tuple[Service, Therapist]:
    service, therapist = rules.service_by_id.get(pattern.service_id), rules.therapist_by_id.get(pattern.therapist_id)
    if service is None or therapist is None:
        raise NotFound
    # A session that was booked before its people needed more time keeps the length that it has.
    for extra in (pattern.needs.extra_minutes, 0):
        needs = replace(pattern.needs, extra_minutes=extra)
        wanted = fitted(service, pattern.duration_minutes - extra, needs)
        if rules.offers_length(service.id, wanted.length_minutes):
            break
    return wanted, therapist


def _closures_of(rules: RuleBook, pattern: Pattern) -> Sequence[Span]:
    return rules.closures_of(pattern.location_id) if pattern.location_id is not None else ()


def _reach(dates: Sequence[Occurrence], now: int) -> Span:
    """Return the span that has to be known: the dates, and some days around them for other times."""
    if not dates:
        return now, now + 1
    return dates[0].start - (NEAR_DAYS + A_WEEK) * DAY, dates[-1].start + (NEAR_DAYS + A_WEEK + 1) * DAY


def _preferred(rooms: Sequence[Room], room_id: int | None) -> Room | None:
    """Return the room that people know already where it is free, otherwise the first."""
    return next((room for room in rooms if room.id == room_id), rooms[0] if rooms else None)
