"""Who works at the demo practice, where, and when it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from practice.domain.intervals import DAY, Span
from practice.domain.rule_book import Availability, Hours
from practice.domain.weekly_hours import minute_of
from practice.services.demo.catalogue import PLACES
from practice.services.demo.names import FIRST, LAST
from practice.services.demo.plan import ZONE, Plan
from practice.services.demo.team import BROOKLYN, TEAM, TherapistSpec

KINDS = len(TEAM)


@dataclass(frozen=True)
class RoomSpec:
    """A room, numbered through the practice, at a place."""

    place: int
    name: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A therapist: their kind, and the rows of weekly hours that they have."""

    index: int
    name: str
    slug: str
    spec: TherapistSpec
    weekly: tuple[Availability, ...]
    replaced: Mapping[date, tuple[Hours, ...]]

    def hours_on(self, on: date) -> tuple[Hours, ...]:
        """Return the hours of one date."""
        if on in self.replaced:
            return self.replaced[on]
        return tuple(row.hours for row in self.weekly if row.weekday == on.weekday() and row.is_valid_on(on))


@dataclass(frozen=True)
class Team:
    """All therapists, rooms, and whose clients are whose. Places, rooms and people are indexes from 0."""

    members: tuple[Member, ...]
    rooms: tuple[RoomSpec, ...]
    clients: int

    def caseload(self, member: int) -> list[int]:
        """Return the clients of one therapist. Nobody is on two lists, so nobody is in two places at once."""
        return list(range(member, self.clients, len(self.members)))

    def rooms_of(self, place: int) -> list[int]:
        """Return the rooms of a place, in the order in which they are given out."""
        return self._rooms[place]

    @cached_property
    def _rooms(self) -> list[list[int]]:
        return [[n for n, room in enumerate(self.rooms) if room.place == place] for place in range(len(PLACES))]


@dataclass(frozen=True)
class Closed:
    """Time that is not to be had, in epoch minutes: of therapists, of places, and of the whole practice (None)."""

    time_off: tuple[tuple[int, Span, str], ...]
    closures: tuple[tuple[int | None, Span, str], ...]

    @cached_property
    def _away(self) -> Mapping[int, tuple[Span, ...]]:
        spans: dict[int, tuple[Span, ...]] = {}
        for member, span, _ in self.time_off:
            spans[member] = (*spans.get(member, ()), span)
        return spans

    def away(self, member: int) -> tuple[Span, ...]:
        """Return the time off of one therapist."""
        return self._away.get(member, ())

    def at(self, place: int | None) -> tuple[Span, ...]:
        """Return when a place, or online work (None), is closed."""
        return tuple(span for where, span, _ in self.closures if where is None or where == place)


def make_team(plan: Plan) -> Team:
    """Return the therapists of the plan, and rooms enough for them."""
    members = tuple(_member(plan, index) for index in range(plan.therapists))
    return Team(members, tuple(_rooms(plan.therapists)), plan.clients)


def make_closed(plan: Plan) -> Closed:
    """Return the times away of a plan: a week off, a day of closing, and a morning at one place."""
    weeks_off = [
        (index, _days(plan.monday(2), 5), "Time away")
        for index in range(plan.therapists)
        if TEAM[index % KINDS] is TEAM[1]
    ]
    team_day, morning = plan.monday(3) + timedelta(days=2), plan.monday(1) + timedelta(days=4)
    closures: list[tuple[int | None, Span, str]] = [
        (None, _days(team_day, 1), "Team day"),
        (BROOKLYN, (minute_of(ZONE, morning, 6 * 60), minute_of(ZONE, morning, 13 * 60)), "Work on the heating"),
    ]
    return Closed(tuple(weeks_off), tuple(closures))


def _days(first: date, count: int) -> Span:
    return minute_of(ZONE, first, 0), minute_of(ZONE, first + timedelta(days=count - 1), DAY)


def _member(plan: Plan, index: int) -> Member:
    spec = TEAM[index % KINDS]
    name = spec.name
    if index >= KINDS:
        chance = plan.chance(f"therapist {index}")
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    slug = slug_of(name) + (f"-{index + 1}" if index >= KINDS else "")
    replaced = _replaced(plan) if spec is TEAM[0] else {}
    return Member(index, name, slug, spec, tuple(_weekly(plan, index, spec)), replaced)


def slug_of(name: str) -> str:
    """Return a name as it stands in an address."""
    plain = name.casefold().translate(str.maketrans("áéíóúñ’", "aeioun "))
    return "-".join(plain.split())


def _weekly(plan: Plan, index: int, spec: TherapistSpec) -> list[Availability]:
    """Return the weekly hours. The fourth kind began an hour later until two weeks ago."""
    since, changed = plan.first - timedelta(days=365), plan.monday(-2)
    rows = []
    for hours in spec.hours:
        for weekday in hours.weekdays:
            row = Hours(hours.start, hours.end, _zone(spec, hours.place), hours.place, hours.is_online)
            if spec is TEAM[3] and hours.start == 11 * 60:
                old = Hours(hours.start + 60, hours.end, row.zone, row.location_id, row.is_online)
                rows.append(Availability(index, weekday, old, since, changed - timedelta(days=1)))
                rows.append(Availability(index, weekday, row, changed))
            else:
                rows.append(Availability(index, weekday, row, since))
    return rows


def _replaced(plan: Plan) -> dict[date, tuple[Hours, ...]]:
    """Return the single dates of the first kind: an afternoon instead of a day, and a day without hours."""
    return {
        plan.monday(1) + timedelta(days=1): (Hours(13 * 60, 18 * 60, ZONE, 0),),
        plan.monday(4) + timedelta(days=4): (),
    }


def _zone(spec: TherapistSpec, place: int | None) -> str:
    return ZONE if place is not None else spec.zone


def _rooms(therapists: int) -> list[RoomSpec]:
    rooms: list[RoomSpec] = []
    for number, place in enumerate(PLACES):
        working = [index for index in range(therapists) if any(h.place == number for h in TEAM[index % KINDS].hours)]
        more = max(0, len(working) * 4 // 5 - len(place.rooms) + 1)
        names = [*place.rooms[:-1], *((f"Room {n}", ("quiet",)) for n in range(1, more + 1)), place.rooms[-1]]
        rooms.extend(RoomSpec(number, name, features) for name, features in names)
    return rooms
