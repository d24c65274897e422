"""Small practices made at random, around the days on which clocks change, and a slow, obvious oracle for their slots.

The oracle knows minutes one by one: what the wall shows at each, and which of them are taken. Every rule is on in some
of them: lengths, needs, licences, load guards (``tests.unit.domain.loads``).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from practice.domain.asking import Asker, Asking, Past, asker_of
from practice.domain.explaining import BusyRow, Question
from practice.domain.load import Meeting
from practice.domain.needs import FEATURES, Needs, fitted
from practice.domain.rule_book import (
    Availability,
    Hours,
    Length,
    Licence,
    Location,
    Offer,
    PracticeRules,
    Room,
    RuleBook,
    Service,
    Therapist,
)
from tests.support.scale import TIMES
from tests.unit.domain.loads import is_too_much, sessions

PROOF = settings(max_examples=120 * TIMES, database=None)
CHECK = settings(PROOF, max_examples=25 * TIMES)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns")
CHANGES = (
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31),  # London
    date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7),  # New York, St John's
    date(2026, 4, 5), date(2026, 10, 4), date(2027, 4, 4), date(2027, 10, 3),  # Lord Howe, by half an hour
)  # fmt: skip
DAY = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minute(at: datetime) -> int:
    """Return the epoch minute of an instant that lies on a minute."""
    return int((at - EPOCH).total_seconds()) // 60


@dataclass(frozen=True)
class World:
    """A practice around one date, with its busy rows and an instant to ask at."""

    on: date
    rules: RuleBook
    busy: tuple[BusyRow, ...]
    now: datetime
    asking: Asking

    @property
    def service(self) -> Service:
        """The service as it is asked for."""
        return fitted(self.rules.services[0], self.asking.duration_minutes, self.asking.needs)

    @property
    def asker(self) -> Asker:
        """Who asks, for the engine."""
        return asker_of(self.rules, self.asking)

    def question(self, therapist: Therapist, **more) -> Question:
        """The same question, for the explanation."""
        return Question(
            self.rules, self.service, therapist, self.busy, self.now,
            **{"viewer": "clients", "region": self.asking.region, "past": self.asking.past, **more},
        )  # fmt: skip

    def meetings(self) -> dict[int, list[Meeting]]:
        """Sessions of each therapist, at ``now``."""
        rows = [row for row in self.busy if row.kind != "outside"]
        rows = [row for row in rows if row.held_until is None or row.held_until > self.now]
        return {
            therapist.resource_id: [
                Meeting(row.span, row.core[0], row.is_first) for row in rows if row.resource_id == therapist.resource_id
            ]
            for therapist in self.rules.therapists
        }

    @property
    def span(self) -> tuple[int, int]:
        """Three days around the date, in UTC."""
        noon = minute(datetime(self.on.year, self.on.month, self.on.day, 12, tzinfo=UTC))
        return noon - 2 * DAY, noon + 2 * DAY

    def busy_spans(self) -> dict[int, list[tuple[int, int]]]:
        """Busy spans by resource, at ``now``."""
        resources = [therapist.resource_id for therapist in self.rules.therapists]
        resources += [room.resource_id for location in self.rules.locations for room in location.rooms]
        spans = {resource: [] for resource in resources}
        for row in self.busy:
            if row.held_until is None or row.held_until > self.now:
                spans[row.resource_id].append(row.span)
        return spans


@lru_cache(maxsize=64)
def walls(zone: str, on: date) -> list[tuple[datetime, int]]:
    """Return (what the wall shows, epoch minute) for every minute of a week around a date."""
    noon = minute(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    tz = ZoneInfo(zone)
    return [
        ((EPOCH + timedelta(minutes=at)).astimezone(tz).replace(tzinfo=None), at)
        for at in range(noon - 4 * DAY, noon + 4 * DAY)
    ]


@lru_cache(maxsize=8192)
def first_minute(zone: str, around: date, on: date, minute_of_day: int) -> int:
    """Return the first minute at which the wall shows a time of a date or a later one."""
    wanted = datetime(on.year, on.month, on.day) + timedelta(minutes=minute_of_day)
    return next(at for wall, at in walls(zone, around) if wall >= wanted)


def hours_of(world: World, therapist: Therapist) -> list[tuple[Hours, int, int]]:
    """Return the therapist's rows of hours as spans, for each date near the world's."""
    found = []
    for offset in range(-3, 4):
        on = world.on + timedelta(days=offset)
        rows = [
            row.hours
            for row in world.rules.availability
            if row.therapist_id == therapist.id
            and row.weekday == on.weekday()
            and row.valid_from <= on <= (row.valid_until or date.max)
        ]
        rows = world.rules.date_hours.get((therapist.id, on), rows)
        for hours in rows:
            start = first_minute(hours.zone, world.on, on, hours.start_minute)
            end = first_minute(hours.zone, world.on, on, hours.end_minute)
            found.append((hours, start, end))
    return found


def is_licensed(world: World, therapist: Therapist, start: int) -> bool:
    """Whether the therapist may meet whoever asks online at a start."""
    if not world.asking.region or not world.rules.practice.checks_licences:
        return True
    on = (EPOCH + timedelta(minutes=start)).astimezone(ZoneInfo(world.rules.practice.zone)).date()
    return any(
        each.therapist_id == therapist.id and each.region == world.asking.region and on <= (each.expires_on or date.max)
        for each in world.rules.licences
    )


def is_first(world: World, therapist: Therapist, start: int) -> bool:
    """Whether a session at a start would be the first with the therapist of whoever asks."""
    past = world.asking.past
    return past is not None and not any(whom == therapist.id and at < start for whom, at in past.met)


def oracle(world: World, service: Service) -> dict[tuple[int, int], tuple[set[int], bool]]:
    """Return (start, therapist id) → (location ids, whether online) of every open start near the world's date."""
    rules, spans = world.rules, world.busy_spans()
    lengths = {rules.services[0].duration_minutes, *(length.minutes for length in rules.lengths)}
    if (world.asking.duration_minutes or rules.services[0].duration_minutes) not in lengths:
        return {}
    taken = {resource: {at for start, end in rows for at in range(start, end)} for resource, rows in spans.items()}
    shut = {
        place: {at for closed, (start, end) in rules.closures if closed == place for at in range(start, end)}
        for place in (None, *(location.id for location in rules.locations))
    }
    found: dict[tuple[int, int], tuple[set[int], bool]] = {}
    for therapist in rules.therapists:
        offer = next((o for o in rules.offers if (o.therapist_id, o.service_id) == (therapist.id, service.id)), None)
        if offer is None or (world.asking.needs.interpreter and not therapist.works_with_interpreter):
            continue
        meetings = world.meetings()[therapist.resource_id]
        away = {at for owner, (start, end) in rules.time_off if owner == therapist.id for at in range(start, end)}
        for hours, first, end in hours_of(world, therapist):
            for start in range(first, end - service.duration_minutes + 1, service.step_minutes):
                session = set(range(start, start + service.duration_minutes))
                around = set(
                    range(
                        start - service.before_minutes,
                        start + service.duration_minutes + service.after_minutes,
                    )
                )
                if session & away or session & shut[None] or around & taken[therapist.resource_id]:
                    continue
                if is_too_much(
                    therapist, rules.practice.zone, meetings, (min(around), max(around) + 1), start,
                    is_first=is_first(world, therapist, start),
                ):  # fmt: skip
                    continue
                places, online = found.get((start, therapist.id), (set(), False))
                meets_online = hours.is_online and service.online and offer.online
                online = online or (meets_online and is_licensed(world, therapist, start))
                if hours.location_id is not None and service.in_person and offer.in_person:
                    rooms = next(location.rooms for location in rules.locations if location.id == hours.location_id)
                    has_room = any(
                        not around & taken[room.resource_id] for room in rooms if service.room_features <= room.features
                    )
                    if has_room and not session & shut[hours.location_id]:
                        places = places | {hours.location_id}
                if places or online:
                    found[(start, therapist.id)] = (places, online)
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Make a practice of one or two therapists, up to two places with few rooms, and a crowded calendar."""
    on = draw(st.sampled_from(CHANGES))
    zone = draw(st.sampled_from(ZONES))
    rooms = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    locations = tuple(
        Location(id=place, slug=f"place-{place}", zone=zone, rooms=tuple(
            Room(id=10 * place + n, resource_id=100 * place + n, location_id=place, features=draw(features()))
            for n in range(rooms[place - 1])
        ))
        for place in (1, 2)
    )  # fmt: skip
    therapists = tuple(draw(therapists_numbered(number)) for number in range(1, draw(st.integers(1, 2)) + 1))
    noon = minute(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    service = draw(services())
    rules = RuleBook(
        revision="made-up",
        practice=PracticeRules(
            zone=zone, notice_minutes=draw(st.sampled_from((0, 60, 1440))), window_days=400,
            checks_licences=draw(st.booleans()),
        ),
        locations=locations,
        services=(service,),
        therapists=therapists,
        offers=tuple(draw(offers(therapist.id)) for therapist in therapists),
        availability=tuple(row for person in therapists for row in draw(st.lists(weekly(person.id, on), max_size=5))),
        date_hours=draw(date_hours(therapists, on)),
        time_off=tuple((person.id, span) for person in therapists for span in draw(st.lists(near(noon), max_size=1))),
        closures=tuple(draw(st.lists(st.tuples(st.sampled_from((None, 1, 2)), near(noon)), max_size=2))),
        lengths=(Length(1, 25), Length(1, 80)),
        licences=tuple(draw(st.lists(licences(on), max_size=3))),
    )  # fmt: skip
    now = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(
        seconds=draw(st.integers(-3 * 86400, 86400)), microseconds=draw(st.sampled_from((0, 1)))
    )
    resources = [person.resource_id for person in therapists]
    resources += [room.resource_id for location in locations for room in location.rooms]
    busy = draw(st.lists(busy_rows(resources, noon, now), max_size=12))
    for person in therapists:
        others = [row for row in busy if row.resource_id != person.resource_id or row.kind == "outside"]
        busy = others + draw(sessions(person.resource_id, noon, now))
    return World(on, rules, tuple(busy), now, draw(askings(therapists, noon)))


def features() -> st.SearchStrategy[frozenset[str]]:
    """What a room has, or somebody needs."""
    return st.sampled_from((frozenset(), frozenset(), *(frozenset([each]) for each in FEATURES), frozenset(FEATURES)))


@st.composite
def therapists_numbered(draw: st.DrawFn, number: int) -> Therapist:
    """A therapist with or without a load guard."""
    limits = st.sampled_from((None, None, 1, 2, 3))
    return Therapist(
        id=number, slug=f"therapist-{number}", resource_id=number, zone=draw(st.sampled_from(ZONES)),
        max_in_row=draw(limits), max_a_day=draw(limits), max_first_a_week=draw(st.sampled_from((None, 0, 1, 2))),
        break_minutes=draw(st.sampled_from((15, 30, 60))), works_with_interpreter=draw(st.booleans()),
    )  # fmt: skip


def licences(on: date) -> st.SearchStrategy[Licence]:
    """A licence that never ends, or ends around the date."""
    ends = st.sampled_from((None, *(on + timedelta(days=offset) for offset in (-1, 0, 1))))
    return st.builds(Licence, st.sampled_from((1, 2)), st.sampled_from(("NY", "NJ")), ends)


@st.composite
def askings(draw: st.DrawFn, therapists: tuple[Therapist, ...], noon: int) -> Asking:
    """Somebody who asks for another length, with needs, from somewhere, who has met some of the therapists or none."""
    needs = Needs(draw(features()), draw(st.sampled_from((False, False, True))), draw(st.sampled_from((0, 0, 15))))
    met = st.dictionaries(
        st.sampled_from([person.id for person in therapists]), st.integers(noon - 3 * DAY, noon + 2 * DAY)
    )
    return Asking(
        draw(st.sampled_from((None, None, 25, 80, 81))),
        needs,
        draw(st.sampled_from(("", "NY", "NJ", "CA"))),
        draw(st.none() | met.map(lambda known: Past(frozenset(known.items())))),
    )


@st.composite
def services(draw: st.DrawFn) -> Service:
    """Make a service with odd lengths, too: steps that divide nothing, buffers longer than the step."""
    ways = draw(st.sampled_from(((True, True), (True, False), (False, True))))
    return Service(
        id=1, slug="session", kind="individual",
        duration_minutes=draw(st.sampled_from((20, 50, 75, 90))),
        before_minutes=draw(st.sampled_from((0, 5, 10))), after_minutes=draw(st.sampled_from((0, 10, 45))),
        step_minutes=draw(st.sampled_from((15, 30, 35, 60))), in_person=ways[0], online=ways[1],
        room_features=draw(st.sampled_from((frozenset(), frozenset(), frozenset(["quiet"])))),
    )  # fmt: skip


def offers(therapist_id: int) -> st.SearchStrategy[Offer]:
    """An offer in one modality or both."""
    ways = st.sampled_from(((True, True), (True, True), (True, False), (False, True)))
    return ways.map(lambda way: Offer(therapist_id, 1, in_person=way[0], online=way[1]))


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Hours that like the small hours, where clocks change, and sometimes end at midnight."""
    start = draw(st.sampled_from((0, 30, 60, 90, 120, 150, 540, 780, 1200)))
    end = min(start + draw(st.sampled_from((45, 120, 240, 480))), DAY)
    place = draw(st.sampled_from((None, 1, 1, 2)))
    return Hours(start, end, draw(st.sampled_from(ZONES)), place, is_online=place is None or draw(st.booleans()))


@st.composite
def weekly(draw: st.DrawFn, therapist_id: int, on: date) -> Availability:
    """Weekly hours on or next to the date, that may begin or end on it."""
    weekday = (on + timedelta(days=draw(st.integers(-1, 1)))).weekday()
    valid_from = on + timedelta(days=draw(st.sampled_from((-30, -1, 0, 1))))
    valid_until = draw(st.sampled_from((None, None, valid_from, on + timedelta(days=1))))
    if valid_until is not None:
        valid_until = max(valid_from, valid_until)
    return Availability(therapist_id, weekday, draw(hours()), valid_from, valid_until)


def date_hours(therapists: tuple[Therapist, ...], on: date) -> st.SearchStrategy[dict]:
    """Hours of single dates, or none at all on them."""
    keys = st.tuples(
        st.sampled_from([person.id for person in therapists]),
        st.sampled_from([on + timedelta(days=offset) for offset in (-1, 0, 1)]),
    )
    return st.dictionaries(keys, st.lists(hours(), max_size=2).map(tuple), max_size=2)


def near(noon: int) -> st.SearchStrategy[tuple[int, int]]:
    """A span within a day and a half of a minute, that starts anywhere."""
    return st.tuples(st.integers(noon - 2 * DAY, noon + 2 * DAY), st.integers(1, 600)).map(
        lambda pair: (pair[0], pair[0] + pair[1])
    )


@st.composite
def busy_rows(draw: st.DrawFn, resources: list[int], noon: int, now: datetime) -> BusyRow:
    """A booked, held or outside span; holds may have lapsed."""
    start, end = draw(near(noon))
    kind = draw(st.sampled_from(("booked", "booked", "held", "outside")))
    buffers = (draw(st.sampled_from((0, 5))), draw(st.sampled_from((0, 10)))) if kind != "outside" else (0, 0)
    lapse = draw(st.sampled_from((timedelta(minutes=-1), timedelta(0), timedelta(minutes=1))))
    return BusyRow(
        resource_id=draw(st.sampled_from(resources)),
        span=(start - buffers[0], end + buffers[1]),
        core=(start, end),
        kind=kind,
        held_until=now + lapse if kind == "held" else None,
    )
