"""One small practice for examples: Bob, in two rooms of the studio and online, on Tuesdays from 9 to 12 in New York."""

from dataclasses import replace
from datetime import UTC, date, datetime

from practice.domain.asking import Asking, asker_of
from practice.domain.explaining import BusyRow, Choice, Question, check_start, explain
from practice.domain.intervals import merge, minute_floor
from practice.domain.openings import Openings
from practice.domain.rule_book import (
    Availability,
    Hours,
    Location,
    Offer,
    PracticeRules,
    Room,
    RuleBook,
    Service,
    Therapist,
)
from practice.domain.slots import Slot, bookable_span, therapists_offering

NEW_YORK = "America/New_York"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # the Friday before
BOB, ROOM_ONE, ROOM_TWO = 1, 11, 12  # resources

SERVICE = Service(
    1, "individual", "individual", duration_minutes=50, before_minutes=5, after_minutes=10, step_minutes=30
)
STUDIO = Location(1, "studio", NEW_YORK, "The studio", (Room(1, ROOM_ONE, 1, "One"), Room(2, ROOM_TWO, 1, "Two")))
MORNING = Hours(540, 720, NEW_YORK, location_id=1, is_online=True)
RULES = RuleBook(
    revision="1",
    practice=PracticeRules(NEW_YORK, notice_minutes=1440, window_days=30),
    locations=(STUDIO,),
    services=(SERVICE,),
    therapists=(Therapist(1, "bob", BOB, NEW_YORK),),
    offers=(Offer(1, 1),),
    availability=(Availability(1, 1, MORNING, date(2026, 1, 1)),),
)


def at(hour: int, minute: int = 0, day: int = 24) -> int:
    """Return a time of a November day in New York, by default of the Tuesday, as an epoch minute."""
    return minute_floor(datetime(2026, 11, day, 5, tzinfo=UTC)) + 60 * hour + minute


def busy(resource: int, start: int, end: int, kind="booked", **more) -> BusyRow:
    """A busy row without buffers, unless ``span`` says more."""
    return BusyRow(resource, **{"span": (start, end), "core": (start, end), "kind": kind, **more})


def ask(*rows: BusyRow, rules: RuleBook = RULES, now: datetime = NOW, viewer="public", waived=()) -> Question:
    """Ask for Bob's individual sessions."""
    return Question(rules, rules.services[0], rules.therapists[0], rows, now, viewer, frozenset(waived))


def with_service(**changes) -> RuleBook:
    """Return the rules with the service changed."""
    return replace(RULES, services=(replace(SERVICE, **changes),))


def offered(question: Question, day: int = 24) -> list[Slot]:
    """Return what the engine offers on a November day in New York."""
    rules, service = question.rules, question.service
    resources = [BOB, *(room.resource_id for location in rules.locations for room in location.rooms)]
    busy_spans = {each: merge(row.span for row in question.rows_of(each)) for each in resources}
    openings = Openings(rules, busy_spans, meetings={BOB: question.meetings()})
    asker = asker_of(rules, Asking(region=question.region, past=question.known))
    first, end = bookable_span(rules, service, question.now, question.viewer)
    therapists = therapists_offering(rules, service, question.viewer)
    return openings.slots(service, therapists, (max(first, at(0, day=day)), min(end, at(24, day=day))), asker)


def clocks(question: Question, day: int = 24) -> list[str]:
    """Return the New York clock times that the engine offers, after checking that the explanation offers the same."""
    slots = offered(question, day)
    verdicts = explain(question, (at(0, day=day), at(24, day=day)))
    assert [slot.start for slot in slots] == [verdict.start for verdict in verdicts if verdict.ways]
    return [f"{(slot.start - at(0, day=day)) // 60}:{slot.start % 60:02}" for slot in slots]


def code(question: Question, start: int, *choice) -> str | None:
    """Return the code of the reason why a start cannot be booked, or None."""
    reason = check_start(question, start, Choice(*choice) if choice else Choice("in_person"))
    return reason.code.value if reason else None
