"""Rules and busy time, remembered by the process for as long as their revisions stand, as openings.

A request asks the database one thing: which revisions are there now? What they show to have changed is read anew,
all rules with one statement, the changed resources with one more: one statement a request, at most three. Nothing is
remembered from inside a unit of work, where changes can still be rolled back.

A revision is read together with what it stands for, or before it: what is remembered under one is never older.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from practice.db import db, session_in_use
from practice.domain.intervals import Span, merge
from practice.domain.load import Meeting
from practice.domain.needs import NO_NEEDS, Needs, fitted
from practice.domain.openings import Openings
from practice.domain.rule_book import Audience, RuleBook, Service, Therapist
from practice.domain.slots import is_open_to, therapists_offering
from practice.models import Appointment, Hold, Occupancy, OutsideBusy, Resource, RuleBookRevision
from practice.models.base import UtcDateTime
from practice.queries.expressions import all_words, id_list, is_among, minute_down, minute_up, words
from practice.queries.hot import HotStatement
from practice.queries.rule_book import read_rule_book

PAST = timedelta(days=9)  # a therapist's load is counted by the week, and a run may have begun before it
NAMED = 2_000


class Wanted(NamedTuple):
    """Whose times for which service, as addresses name them; no therapist means everyone that the viewer may see.

    ``duration_minutes`` is another length of the service, ``needs`` are of those who will come.
    """

    service: str
    therapist: str | None
    viewer: Audience
    duration_minutes: int | None = None
    needs: Needs = NO_NEEDS


class Named(NamedTuple):
    """What a wish names in one rule book (the service as it is wanted), and every resource that its times depend on."""

    service: Service
    therapists: tuple[Therapist, ...]
    ids: frozenset[int]
    id_text: str


class Moment(NamedTuple):
    """What tells changes: revisions of the rules and of resources, and what lapsed: held appointments, and requests."""

    rules: str
    resources: str
    lapsed: str


class BusySpan(NamedTuple):
    """A span that is busy unless what it is kept for has lapsed: ``held_for`` is an appointment, or 0.

    ``kind`` is -1 for an outside calendar's, else twice the minutes before the session, and one more for a first one.
    """

    start: int
    end: int
    held_for: int
    kind: int

    @property
    def meeting(self) -> Meeting:
        """The span as a session."""
        return Meeting((self.start, self.end), self.start + self.kind // 2, bool(self.kind % 2))


class BusyTime(NamedTuple):
    """What one resource is busy with, as of one revision of it; ``held`` are the appointments it is held for."""

    revision: int
    spans: tuple[BusySpan, ...]
    held: frozenset[int]

    def without(self, lapsed: frozenset[int]) -> tuple[Span, ...]:
        """Return the spans, sorted and apart, without those whose hold has lapsed."""
        return merge((each.start, each.end) for each in self.spans if each.held_for not in lapsed)

    def meetings(self, lapsed: frozenset[int]) -> tuple[Meeting, ...]:
        """Return the sessions one by one, without those that have lapsed."""
        kept = (each for each in self.spans if each.kind >= 0 and each.held_for not in lapsed)
        return tuple(dict.fromkeys(each.meeting for each in kept))


@dataclass(frozen=True)
class Known:
    """What a process remembers of one database. It is replaced, never changed, but for what was found in it."""

    openings: Openings
    lapsed: frozenset[int] = frozenset()
    times: Mapping[int, BusyTime] = field(default_factory=dict)
    seen: dict[str, Moment] = field(default_factory=dict)
    named: dict[Wanted, Named] = field(default_factory=dict)

    @property
    def rules(self) -> RuleBook:
        """The rule book that all of this stands on."""
        return self.openings.rules

    @cached_property
    def everyone(self) -> str:
        """The resources of all therapists and rooms, as statements ask for them."""
        return id_list(sorted(_everyone(self.rules)))

    def find(self, wanted: Wanted) -> Named | None:
        """Return what a wish names, or None where the viewer sees no such service or therapist."""
        found = self.named.get(wanted)
        if found is None:
            found = _find(self.rules, wanted)
            if found is not None:
                if len(self.named) >= NAMED:
                    self.named.clear()
                self.named[wanted] = found
        return found


NOTHING = Known(Openings(RuleBook.empty(), {}))
_known: "WeakKeyDictionary[Engine, Known]" = WeakKeyDictionary()


def known_rules(session: Session) -> RuleBook:
    """Return the rule book that this process read last, which may be out of date: for those who look again later."""
    known = _known.get(db.engines[None])
    return known.rules if known else current_rules(session)


def current_rules(session: Session) -> RuleBook:
    """Return the rule book as it is now. One statement, or two after a change."""
    known = _known.get(db.engines[None])
    if known is not None and session.scalar(select(RuleBookRevision.token)) == known.rules.revision:
        return known.rules
    fresh = _with_rules(known or NOTHING, read_rule_book(session))
    _remember(session, fresh)
    return fresh.rules


def openings_for(session: Session, wanted: Wanted, now: datetime) -> tuple[Openings, Named | None]:
    """Return openings that know all that ``wanted`` depends on, and what it names. One statement, at most three.

    What it names is None where the viewer sees no such service or therapist.
    """
    known = _known.get(db.engines[None], NOTHING)
    named = known.find(wanted)
    asked = named.id_text if named else "[]"
    moment = _moment(session, asked, now)
    if known.seen.get(asked) == moment:
        return known.openings, named
    fresh = known if known.rules.revision == moment.rules else _with_rules(known, read_rule_book(session))
    named = fresh.find(wanted)
    read = _read_changed(session, fresh, named.ids if named else frozenset(), moment, now)
    fresh = _with_busy(fresh, read, frozenset(map(int, moment.lapsed.split())))
    fresh.seen[asked] = moment
    _remember(session, fresh)
    return fresh.openings, named


def openings_of_everyone(now: datetime) -> tuple[Openings, Moment]:
    """Return openings that know the busy time of every therapist and room, and the moment they stand on.

    Two moments that are equal mean that no session of a therapist, no room and no rule changed in between. One
    statement, two after a session changed, four after a rule did. Where nothing did, no session is opened for it.
    """
    known = _known.get(db.engines[None], NOTHING)
    asked = known.everyone
    moment = _moment(session_in_use(), asked, now)
    if known.seen.get(asked) == moment:
        return known.openings, moment
    session = db.session()
    fresh = known
    if known.rules.revision != moment.rules:
        fresh = _with_rules(known, read_rule_book(session))
        asked = fresh.everyone
        moment = _moment(session, asked, now)._replace(rules=fresh.rules.revision)
    read = _read_changed(session, fresh, _everyone(fresh.rules), moment, now)
    fresh = _with_busy(fresh, read, frozenset(map(int, moment.lapsed.split())))
    fresh.seen[asked] = moment
    _remember(session, fresh)
    return fresh.openings, moment


def _everyone(rules: RuleBook) -> frozenset[int]:
    rooms = (room.resource_id for place in rules.locations for room in place.rooms)
    return frozenset((*(each.resource_id for each in rules.therapists), *rooms))


def _remember(session: Session, known: Known) -> None:
    if not session.info.get("writes"):
        _known[db.engines[None]] = known


def _find(rules: RuleBook, wanted: Wanted) -> Named | None:
    service = rules.service_by_slug.get(wanted.service)
    if service is None or not is_open_to(service.audience, wanted.viewer):
        return None
    service = fitted(service, wanted.duration_minutes, wanted.needs)
    if not rules.offers_length(service.id, service.length_minutes):
        return None
    therapists = therapists_offering(rules, service, wanted.viewer)
    if wanted.therapist is not None:
        asked = rules.therapist_by_slug.get(wanted.therapist)
        if asked is None or not is_open_to(asked.listing, wanted.viewer):
            return None
        therapists = tuple(each for each in therapists if each.id == asked.id)
    places = frozenset[int]().union(*(rules.places_of(each.id) for each in therapists))
    rooms = (room for place in places if place in rules.location_by_id for room in rules.location_by_id[place].rooms)
    ids = frozenset((*(each.resource_id for each in therapists), *(room.resource_id for room in rooms)))
    return Named(service, therapists, ids, id_list(sorted(ids)))


def _with_rules(known: Known, rules: RuleBook) -> Known:
    """Return what is known under other rules: busy time does not depend on them, whose load is guarded does."""
    met = {each: known.times[each].meetings(known.lapsed) for each in rules.guarded if each in known.times}
    return Known(Openings(rules, known.openings.busy, meetings=met), known.lapsed, known.times)


def _with_busy(known: Known, read: Mapping[int, BusyTime], lapsed: frozenset[int]) -> Known:
    """Return what is known after resources were read again and holds lapsed, or the same object if neither was."""
    switched = lapsed ^ known.lapsed
    if not read and not switched:
        return known
    times = {**known.times, **read}
    touched = {resource for resource, time in times.items() if time.held & switched} | set(read)
    met = {resource: times[resource].meetings(lapsed) for resource in touched & known.rules.guarded}
    openings = known.openings.with_busy({resource: times[resource].without(lapsed) for resource in touched}, met)
    return Known(openings, lapsed, times, {}, known.named)


def _moment(session: Session | None, id_text: str, now: datetime) -> Moment:
    """Read the moment: inside the session's transaction where it has begun one, and on its own where it has not.

    What is read next must never be older, and a transaction that began before might be.
    """
    if session is not None and session.in_transaction():
        row = _MOMENT.first_in(session.connection(), ids=id_text, now=now)
    else:
        row = _MOMENT.first(db.engines[None], ids=id_text, now=now)
    token, resources, lapsed = row or ("", "", "")
    return Moment(token, resources or "", lapsed or "")


def _read_changed(
    session: Session, known: Known, needed: frozenset[int], moment: Moment, now: datetime
) -> dict[int, BusyTime]:
    """Read the resources whose revision is not the known one, or was not asked for. One statement, or none."""
    revisions = dict(_pairs(moment.resources))
    changed = [
        each
        for each in sorted(needed)
        if each not in revisions or each not in known.times or known.times[each].revision != revisions[each]
    ]
    if not changed:
        return {}
    rows = session.connection().execute(_BUSY, {"ids": id_list(changed), "since": now - PAST})
    return {resource: _busy_time(revision, text or "") for resource, revision, text in rows}


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    numbers = list(map(int, text.split()))
    return zip(numbers[::2], numbers[1::2], strict=True)


def _busy_time(revision: int, text: str) -> BusyTime:
    numbers = list(map(int, text.split()))
    spans = tuple(map(BusySpan, numbers[::4], numbers[1::4], numbers[2::4], numbers[3::4]))
    return BusyTime(revision, spans, frozenset(numbers[2::4]) - {0})


def _moment_statement() -> Select[str, str | None, str | None]:
    revisions = select(all_words(words(Resource.id, Resource.revision))).where(
        is_among(Resource.id, bindparam("ids", type_=Text))
    )
    now = bindparam("now", type_=UtcDateTime)
    held = (
        select(Hold.appointment_id.label("id"))
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .where(Hold.held_until <= now, Appointment.status == literal_column("'held'"))
    )
    asked_for = select(Appointment.id).where(
        Appointment.answer_by <= now, Appointment.status == literal_column("'requested'")
    )
    over = union_all(held, asked_for).subquery()
    token = select(RuleBookRevision.token).scalar_subquery()
    lapsed = select(all_words(words(over.c.id))).scalar_subquery()
    return select(token, revisions.scalar_subquery(), lapsed)


def _busy_statement() -> Select[int, int, str | None]:
    ids, since = bindparam("ids", type_=Text), bindparam("since", type_=UtcDateTime)
    ledger = (
        select(
            Occupancy.resource_id,
            words(
                minute_down(Occupancy.starts_at),
                minute_up(Occupancy.ends_at),
                func.coalesce(Hold.appointment_id, _asked_for(), literal_column("0")),
                (minute_down(Appointment.starts_at) - minute_down(Occupancy.starts_at)) * literal_column("2")
                + Appointment.is_first.cast(Integer),
            ).label("words"),
        )
        .join(Appointment, Appointment.id == Occupancy.appointment_id)
        .outerjoin(Hold, Hold.appointment_id == Occupancy.appointment_id)
        .where(is_among(Occupancy.resource_id, ids), Occupancy.starts_at > since)
    )
    outside = select(
        OutsideBusy.resource_id,
        words(
            minute_down(OutsideBusy.starts_at),
            minute_up(OutsideBusy.ends_at),
            literal_column("0"),
            literal_column("-1"),
        ).label("words"),
    ).where(is_among(OutsideBusy.resource_id, ids), OutsideBusy.ends_at > since)
    spans = union_all(ledger, outside).subquery()
    return (
        select(Resource.id, Resource.revision, all_words(spans.c.words))
        .outerjoin(spans, spans.c.resource_id == Resource.id)
        .where(is_among(Resource.id, ids))
        .group_by(Resource.id, Resource.revision)
    )


def _asked_for() -> ColumnElement[int | None]:
    """Return the appointment where it waits for an answer."""
    return case((Appointment.status == literal_column("'requested'"), Appointment.id))


_MOMENT = HotStatement(_moment_statement())
_BUSY = _busy_statement()
