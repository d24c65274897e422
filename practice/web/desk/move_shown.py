"""What the pages of a move show: where to, the exact change, or why it is not possible."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from flask import g, url_for

from practice.db import db
from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import NotFound
from practice.domain.explaining import Choice, Question, check_start, free_rooms, verdict_at
from practice.domain.intervals import instant, minute_floor
from practice.domain.lifecycle import OPEN
from practice.domain.reasons import Reason
from practice.domain.rule_book import Room, RuleBook, Service, Therapist
from practice.domain.slots import Ways, therapists_offering
from practice.domain.weekly_hours import minute_of
from practice.models import Appointment
from practice.queries.explained import questions_about
from practice.queries.pasts import past_of
from practice.services.finding import Override, Wish
from practice.web.desk.appointment_shown import AppointmentPage, appointment_page
from practice.web.desk.forms import MoveForm, MoveWayForm
from practice.web.desk.overriding import Weighed, weighed
from practice.web.desk.path import choices_of
from practice.web.desk.times import TimesPage, other_days, times_page
from practice.web.desk.why_rules import Case, Links, rule_links, rule_words
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, format_money, habit_of
from practice.web.sessions_shown import where_of
from practice.web.shell import Link
from practice.web.slot_days import Day
from practice.web.times_shown import MEET_WORDS, SLOT

ROOM, ONLINE = "room:", "online"


@dataclass(frozen=True)
class Moving:
    """The session that moves, and the rules that it moves by; ``asking`` is what fits those who come."""

    found: Appointment
    rules: RuleBook
    service: Service
    asking: Asking = NOT_ASKING

    @property
    def start(self) -> int:
        """When it starts, as an epoch minute."""
        return minute_floor(self.found.starts_at)

    @property
    def at(self) -> str:
        """Where it is now, as forms send times."""
        return f"{self.start}.{self.found.lead.slug}"


@dataclass(frozen=True)
class Proposal:
    """Where it would move to: how people could meet then, or why not."""

    question: Question
    start: int
    ways: Ways | None
    reason: Reason | None

    @property
    def therapist(self) -> Therapist:
        """Whom it would be with."""
        return self.question.therapist

    @property
    def is_open(self) -> bool:
        """Whether it can be then."""
        return self.ways is not None


@dataclass(frozen=True, slots=True)
class MovePage:
    """Where to: a form, times and rooms close to what is, and open times."""

    session: AppointmentPage
    form: MoveForm
    same_time: tuple[Link, ...]
    times: TimesPage


@dataclass(frozen=True, slots=True)
class MoveCheckPage:
    """The exact change, or ``reason`` why it is not possible; ``days`` are other times.

    ``against`` is what speaks against it where it is possible all the same.
    """

    session: AppointmentPage
    facts: tuple[Fact, ...]
    days: tuple[Day, ...]
    reason: str
    links: tuple[Link, ...]
    why_href: str
    change_href: str
    against: Weighed | None = None


def move_form(moving: Moving, form: MoveForm | None = None) -> MoveForm:
    """Return the form with its choices, filled in with what is where nothing was sent."""
    if form is None:
        local = moving.found.starts_at.astimezone(ZoneInfo(moving.rules.practice.zone))
        now = {"therapist": moving.found.lead.slug, "on": local.date(), "time": local.hour * 60 + local.minute}
        form = MoveForm(data={**now, "place": way_now(moving.found)})
    offering = therapists_offering(moving.rules, moving.service, "staff")
    form.therapist.choices = [(each.slug, each.name) for each in offering]
    form.place.choices = list(every_way(moving.rules).items())
    return form


def move_page(moving: Moving, form: MoveForm) -> MovePage:
    """Return the page that asks where to."""
    prefix = url_for("desk.move_check", public_id=moving.found.public_id) + "?at="
    lead = moving.found.lead.slug
    times = times_page(moving.service, moving.rules, prefix, therapist=lead, asking=moving.asking)
    return MovePage(appointment_page(moving.found), form, _same_time(moving), times)


def _same_time(moving: Moving) -> tuple[Link, ...]:
    """Return what else is free when the session is: other rooms with the same therapist, and other therapists."""
    therapists = therapists_offering(moving.rules, moving.service, "staff")
    span = (moving.start, moving.start + 1)
    questions = questions_about(
        db.session(),
        moving.rules,
        [moving.service],
        therapists,
        span,
        viewer="staff",
        now=g.now,
        moving=moving.found.id,
    )
    found = []
    for question in questions:
        verdict = verdict_at(question, moving.start)
        at = f"{moving.start}.{question.therapist.slug}"
        if question.therapist.id != moving.found.lead.id:
            found += [_link(moving, question.therapist.name, at)] if verdict.ways else []
            continue
        ways = ways_of(moving, Proposal(question, *verdict))
        own = way_now(moving.found)
        found += [_link(moving, words, at, way) for way, words in ways.items() if way != own]
    return tuple(found)


def _link(moving: Moving, words: str, at: str, way: str = "") -> Link:
    return Link(words, url_for("desk.move_check", public_id=moving.found.public_id, at=at, way=way or None))


def at_of(moving: Moving, therapist: str, on: date, minute: int) -> str:
    """Return a therapist, date and minute of the day as addresses carry them."""
    return f"{minute_of(moving.rules.practice.zone, on, minute)}.{therapist}"


def proposed(moving: Moving, at: str) -> Proposal:
    """Return what "epoch minute.therapist" names, as it stands now. Raises NotFound where it names nothing."""
    found = SLOT.fullmatch(at)
    therapist = moving.rules.therapist_by_slug.get(found[2]) if found else None
    if found is None or therapist is None:
        raise NotFound
    start = int(found[1])
    (question,) = questions_about(
        db.session(), moving.rules, [moving.service], [therapist], (start, start + 1), viewer="staff", now=g.now,
        moving=moving.found.id,
    )  # fmt: skip
    clients = [place.client.resource_id for place in moving.found.attendances if place.status in OPEN]
    past = past_of(db.session(), clients, moving.service.id, now=g.now, without=[moving.found.id])
    question = question.asked_by(moving.asking._replace(past=past))
    return Proposal(question, *verdict_at(question, start))


def ways_of(moving: Moving, proposal: Proposal) -> dict[str, str]:
    """Return how people can meet then, as a form offers it: each free room, and online."""
    ways = proposal.ways
    if ways is None:
        return {}
    rooms = [room for place in ways.location_ids for room in free_rooms(proposal.question, place, proposal.start)]
    return {f"{ROOM}{room.id}": room_words(moving.rules, room) for room in rooms} | (
        {ONLINE: MEET_WORDS["online"]} if ways.online else {}
    )


def every_way(rules: RuleBook) -> dict[str, str]:
    """Return every way to meet that a form may send; whether it is open then is for the service to say."""
    rooms = [room for place in rules.locations for room in place.rooms]
    return {f"{ROOM}{room.id}": room_words(rules, room) for room in rooms} | {ONLINE: MEET_WORDS["online"]}


def room_words(rules: RuleBook, room: Room) -> str:
    return f"{rules.location_by_id[room.location_id].name}, {room.name}"


def way_now(found: Appointment) -> str:
    """Return how people meet now, as forms send it."""
    return f"{ROOM}{found.room_id}" if found.room_id else ONLINE


def _room_of(rules: RuleBook, way: str) -> Room | None:
    rooms = (room for place in rules.locations for room in place.rooms)
    return next((room for room in rooms if f"{ROOM}{room.id}" == way), None)


def _choices_of(moving: Moving, proposal: Proposal) -> dict[str, Choice]:
    """Return every way in which the therapist could meet people: each room where they work, and online."""
    offered = choices_of(moving.rules, moving.service, proposal.therapist)
    places = [moving.rules.location_by_id[each.location_id] for each in offered.values() if each.location_id]
    rooms = [room for place in places for room in place.rooms]
    found = {f"{ROOM}{room.id}": Choice("in_person", room.location_id, room.id) for room in rooms}
    return found | {way: choice for way, choice in offered.items() if choice.location_id is None}


def wish_for(moving: Moving, proposal: Proposal, way: str, override: Override | None) -> Wish:
    """Return the wish that the desk sends."""
    room = _room_of(moving.rules, way)
    starts_at, therapist = instant(proposal.start), proposal.therapist.id
    wish = Wish(
        moving.service.id, therapist, starts_at, "online", needs=moving.asking.needs, region=moving.asking.region
    )
    wish = replace(wish, override=override)
    return wish if room is None else replace(wish, modality="in_person", location_id=room.location_id, room_id=room.id)


def check_of(moving: Moving, proposal: Proposal, form: MoveWayForm, *, is_lost: bool = False) -> MoveCheckPage:
    """Return the exact change, ready to confirm; where it is not possible, why, and other times."""
    asked, ways = str(form.way.data or ""), ways_of(moving, proposal)
    choices = {way: each for way, each in _choices_of(moving, proposal).items() if way in ways or not ways}
    against = weighed(proposal.question, proposal.start, choices)
    if against is not None and against.asks:
        ways = {way: words for way, words in every_way(moving.rules).items() if way in against.hints}
        form.against.data = against.codes
    reason = None if against else proposal.reason or _of_way(moving, proposal, asked)
    form.way.choices = ways or every_way(moving.rules)
    if asked not in form.way.choices:
        form.way.data = _likely(moving, form.way.choices)
    is_gone = not against and (is_lost or proposal.reason is not None)
    case = Case(reason, proposal.question, proposal.start) if reason else None
    if is_gone and not form.form_errors:
        form.form_errors = ["The session cannot be then."]
    here = url_for("desk.move", public_id=moving.found.public_id)
    slug, starts_at = proposal.therapist.slug, instant(proposal.start)
    return MoveCheckPage(
        session=appointment_page(moving.found),
        facts=_facts(moving, proposal, here),
        days=other_days(moving.service, moving.rules, slug, starts_at, moving.asking) if is_gone else (),
        reason=rule_words(case) if case else "",
        links=rule_links(case, Links()) if case else (),
        why_href=url_for("desk.why", service=moving.service.slug, therapist=slug, start=proposal.start, viewer="staff"),
        change_href=here,
        against=against,
    )


def _of_way(moving: Moving, proposal: Proposal, way: str) -> Reason | None:
    """Return why the session cannot be then in the way that was asked for, or None."""
    if way not in every_way(moving.rules):
        return None
    room = _room_of(moving.rules, way)
    choice = Choice("in_person", room.location_id, room.id) if room else Choice("online")
    return check_start(proposal.question, proposal.start, choice)


def _likely(moving: Moving, ways: dict[str, str]) -> str:
    """Return the way that changes least: the same, then the same kind of way, then the first."""
    own = way_now(moving.found)
    alike = [way for way in ways if (way == ONLINE) == (own == ONLINE)]
    return own if own in ways else next(iter([*alike, *ways]), "")


def _facts(moving: Moving, proposal: Proposal, change_href: str) -> tuple[Fact, ...]:
    facts, found, therapist = the_facts(), moving.found, proposal.therapist
    habit = habit_of(facts.locale)
    was, becomes = (format_moment(at, facts.zone, habit) for at in (found.starts_at, instant(proposal.start)))
    offer = moving.rules.offer_of.get((therapist.id, moving.service.id))
    length = moving.service.length_minutes
    cents = moving.rules.price_cents(therapist.id, moving.service.id, length) if offer else found.price_cents
    prices = [format_money(each, facts.currency) for each in (found.price_cents, cents)]
    return (
        Fact("When", change_words(was, becomes), change_href),
        Fact("Therapist", change_words(found.lead.name, therapist.name), change_href),
        Fact("Where now", where_of(found)),
        Fact("Price", change_words(*prices)),
    )


def change_words(was: str, becomes: str) -> str:
    return f"{becomes}, as now" if was == becomes else f"{becomes}\nNow: {was}"
