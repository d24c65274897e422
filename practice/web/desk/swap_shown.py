"""What the pages of a swap show: which sessions there are, what each would become, and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import current_app, g, url_for

from practice.db import db
from practice.domain.asking import Asking
from practice.domain.explaining import BusyRow, Choice, Question, reasons_against
from practice.domain.intervals import minute_floor, outer_span
from practice.domain.lifecycle import OPEN
from practice.domain.rule_book import RuleBook
from practice.models import Appointment
from practice.models.base import new_public_id
from practice.queries.appointments import appointments_between
from practice.queries.explained import questions_about
from practice.queries.ledger import busy_times
from practice.queries.pasts import past_of
from practice.services.finding import Wish, named
from practice.services.needs import circumstances_of
from practice.services.swapping import Side, What, may_swap, sides, wish_of
from practice.web.calendar_days import instants_of_days
from practice.web.desk.acts import is_movable
from practice.web.desk.appointment_shown import desk_view, href_of_appointment
from practice.web.desk.move_shown import change_words, room_words
from practice.web.desk.swap_form import SwapForm, SwapNowForm
from practice.web.desk.why_rules import Case, Links, rule_links, rule_words
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_moment, format_span, habit_of
from practice.web.sessions_shown import session_card, where_of
from practice.web.shell import Link
from practice.web.times_shown import MEET_WORDS


@dataclass(frozen=True, slots=True)
class SwapPage:
    """The session, and the others of its day that it can be swapped with."""

    heading: str
    about: str
    day: str
    here: str
    has_others: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of one of the two, and where that stands."""

    words: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SideShown:
    """One of the two: what it would become, and what stands in its way."""

    heading: str
    facts: tuple[Fact, ...]
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class SwapCheckPage:
    """Both, and whether they can be swapped."""

    sides: tuple[SideShown, ...]
    can_swap: bool
    here: str
    change_href: str


def swap_page(found: Appointment, form: SwapForm) -> SwapPage:
    """Return the page that asks with which session of the same day, and gives the form its choices."""
    facts = the_facts()
    view = desk_view(facts)
    on = found.starts_at.astimezone(ZoneInfo(facts.zone)).date()
    day = instants_of_days(facts.zone, on, on)
    others = [
        each
        for each in appointments_between(db.session(), *day)
        if each.public_id != found.public_id and is_movable(each, g.now)
    ]
    form.other.choices = [(each.public_id, _words(each)) for each in others]
    card = session_card(found, view)
    about = f"{card.when}, with {card.therapists}, {where_of(found)}"
    return SwapPage(card.title, about, format_day(on), card.href, bool(others))


def _words(found: Appointment) -> str:
    """ "Alice Moss, 2:00 to 2:50 PM, with Bob Reyes, Village studio, Willow"."""
    card = session_card(found, desk_view(the_facts()))
    return f"{card.title}, {card.when}, with {card.therapists}, {where_of(found)}"


def features_of(pair: Sequence[Appointment]) -> dict[str, frozenset[str]]:
    """Return what rooms must have for those who come, by session."""
    vault = current_app.extensions["vault"]
    return {
        each.public_id: circumstances_of(
            db.session(), [place.client_id for place in each.attendances if place.status in OPEN], vault
        ).needs.features
        for each in pair
    }


def swap_check_page(rules: RuleBook, pair: Sequence[Appointment], what: What, form: SwapNowForm) -> SwapCheckPage:
    """Return what each would become, and what stands in its way.

    Raises ValidationFailed where they have nothing to swap.
    """
    before = sides(db.session(), pair[0].public_id, pair[1].public_id)
    may_swap(*before, what, g.now)
    features = features_of(pair)
    wishes = [wish_of(rules, a, b, what, features[a.public_id]) for a, b in (before, before[::-1])]
    shown = tuple(
        SideShown(_words(found), _facts(rules, found, wish), _obstacles(rules, found, side, wish, other, then))
        for found, side, wish, other, then in zip(pair, before, wishes, before[::-1], wishes[::-1], strict=True)
    )
    if not form.once.data:
        form.once.data = new_public_id()
    form.seen.data = "|".join(side.revised_at.isoformat() for side in before)
    return SwapCheckPage(
        sides=shown,
        can_swap=not any(side.obstacles for side in shown),
        here=href_of_appointment(pair[0].public_id),
        change_href=url_for("desk.swap", public_id=pair[0].public_id),
    )


def _facts(rules: RuleBook, found: Appointment, wish: Wish) -> tuple[Fact, ...]:
    facts = the_facts()
    habit = habit_of(facts.locale)
    was, becomes = (format_moment(at, facts.zone, habit) for at in (found.starts_at, wish.starts_at))
    rooms = (room for place in rules.locations for room in place.rooms if room.id == wish.room_id)
    room = next(rooms, None)
    where = room_words(rules, room) if room else MEET_WORDS["online"] if wish.modality == "online" else where_of(found)
    return (
        Fact("When", change_words(was, becomes)),
        Fact("Therapist", change_words(found.lead.name, rules.therapist_by_id[wish.therapist_id].name)),
        Fact("Where", change_words(where_of(found), where)),
    )


def _obstacles(
    rules: RuleBook, found: Appointment, side: Side, wish: Wish, other: Side, then: Wish
) -> tuple[Obstacle, ...]:
    """Return what stands in the way of one of the two at its new place, with the other one at its own."""
    service, therapist = named(rules, wish)
    start = minute_floor(wish.starts_at)
    (question,) = questions_about(
        db.session(), rules, [service], [therapist], (start, start + 1), viewer="staff", now=g.now, moving=side.id
    )
    clients = [place.client.resource_id for place in found.attendances if place.status in OPEN]
    past = past_of(db.session(), clients, service.id, now=g.now, without=[side.id])
    question = _with_other(question.asked_by(Asking(past=past)), rules, other, then)
    waived = wish.override.codes if wish.override else frozenset()
    choice = Choice(wish.modality, wish.location_id, wish.room_id)
    reasons = [each for each in reasons_against(question, start, choice) if each.code not in waived or each.is_firm]
    links = Links()
    cases = [Case(reason, question, start) for reason in reasons]
    own = tuple(Obstacle(rule_words(case), rule_links(case, links)) for case in cases)
    return own + _of_clients(found, wish, service.duration_minutes, {side.id, other.id})


def _with_other(question: Question, rules: RuleBook, other: Side, then: Wish) -> Question:
    """Return the question with the other one at its new place, and no more where it is now."""
    service, therapist = named(rules, then)
    core = (then.starts_at, then.starts_at + timedelta(minutes=service.duration_minutes))
    before, after = timedelta(minutes=service.before_minutes), timedelta(minutes=service.after_minutes)
    rooms = (room for place in rules.locations for room in place.rooms if room.id == then.room_id)
    rows = [
        BusyRow(
            resource_id,
            span=outer_span(core[0] - before, core[1] + after),
            core=outer_span(*core),
            subject=other.public_id,
        )
        for resource_id in (therapist.resource_id, *(room.resource_id for room in rooms))
    ]
    return replace(question, busy=[*(row for row in question.busy if row.subject != other.public_id), *rows])


def _of_clients(found: Appointment, wish: Wish, minutes: int, both: set[int]) -> tuple[Obstacle, ...]:
    """Return whether those who come are in another session then."""
    facts, ends_at = the_facts(), wish.starts_at + timedelta(minutes=minutes)
    names = {place.client.resource_id: place.client.display_name for place in found.attendances if place.status in OPEN}
    _, times = busy_times(db.session(), list(names), wish.starts_at, ends_at)
    return tuple(
        Obstacle(
            f"{names[time.resource_id]} has another session then, "
            f"{format_span(time.core_starts_at, time.core_ends_at, facts.zone, habit_of(facts.locale))}.",
            (Link("That session", href_of_appointment(time.public_id)),) if time.public_id else (),
        )
        for time in times
        if time.appointment_id not in both
    )
