"""The last step of booking or moving: what was chosen, how to meet, and other times where it was lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.asking import NOTHING_YET
from practice.domain.errors import NotOffered, PracticeError, SlotTaken
from practice.domain.intervals import minute_floor
from practice.domain.lifecycle import LIVE
from practice.domain.needs import NO_NEEDS
from practice.domain.rule_book import RuleBook, Service
from practice.models import Attendance, Client
from practice.queries.appointments import appointment_at
from practice.queries.explained import questions_about
from practice.queries.pasts import past_of
from practice.web.cancel_words import fees_words
from practice.web.desk.forms import AtForm, WayForm
from practice.web.desk.overriding import Weighed, weighed
from practice.web.desk.path import Chosen, Path, all_ways, choices_of, chosen_of, ways_of
from practice.web.desk.times import other_days
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, format_zone, habit_of
from practice.web.slot_days import Day

NOT_FITTING = "That time does not fit what they need. These are close to it, and do."
STILL_POSSIBLE = "That time is not offered. Say why it is booked all the same, or choose another."


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What was chosen; ``days`` are other times, where that one is not open any more.

    ``against`` is what speaks against a time that can be booked all the same.
    """

    facts: tuple[Fact, ...]
    days: tuple[Day, ...] = ()
    against: Weighed | None = None
    change_href: str = ""


def check_page(path: Path, chosen: Chosen, form: AtForm) -> CheckPage:
    """Return what the page shows. Where the time is gone, the form asks for another, or why it is booked anyway."""
    rules, service, change_href = path.rules, path.service, path.url("book_times", at="")
    facts = facts_of(rules, service, chosen, change_href)
    against = weighed_at(path, chosen) if isinstance(form, WayForm) else None
    if isinstance(form, WayForm):
        form.way.choices = ways_of(rules, chosen.slot)
        if against is not None and against.asks:
            form.way.choices = {way: words for way, words in all_ways(rules).items() if way in against.hints}
            form.against.data = against.codes
            form.form_errors = [STILL_POSSIBLE] if form.form_errors else []
        if form.way.data is None and form.way.choices:
            form.way.data = next(iter(form.way.choices))
    if chosen.slot is not None or against is not None:
        return CheckPage(facts, (), against, change_href)
    does_not_fit = path.asking.needs != NO_NEEDS
    form.form_errors = form.form_errors or [NOT_FITTING if does_not_fit else SlotTaken.message]
    return CheckPage(facts, other_days(service, rules, chosen.therapist.slug, chosen.starts_at, path.asking))


def weighed_at(path: Path, chosen: Chosen) -> Weighed | None:
    """Return what speaks against the chosen time for whoever comes, where it can be booked all the same."""
    rules, service = path.rules, path.service
    if service.kind == "group":
        return None
    ways, start = choices_of(rules, service, chosen.therapist), minute_floor(chosen.starts_at)
    if chosen.slot is not None:
        ways = {way: choice for way, choice in ways.items() if way in ways_of(rules, chosen.slot)}
    (question,) = questions_about(
        db.session(), rules, [service], [chosen.therapist], (start, start + 1), viewer="staff", now=g.now
    )
    clients = [client.resource_id for client in path.clients]
    past = past_of(db.session(), clients, service.id, now=g.now) if clients else NOTHING_YET
    return weighed(question.asked_by(path.asking._replace(past=past)), start, ways)


def facts_of(
    rules: RuleBook, service: Service, chosen: Chosen, change_href: str, clients: Sequence[Client] = ()
) -> tuple[Fact, ...]:
    """Return what was chosen, as rows, with what it costs ``clients``."""
    facts = the_facts()
    when = format_moment(chosen.starts_at, facts.zone, habit_of(facts.locale))
    is_offered = (chosen.therapist.id, service.id) in rules.offer_of
    cents = (
        rules.price_cents(chosen.therapist.id, service.id, service.length_minutes)
        if is_offered
        else service.price_cents
    )
    return (
        Fact("Service", f"{service.name}, {service.duration_minutes} minutes", url_for("desk.book")),
        Fact("When", f"{when}\n{format_zone(facts.zone)}", change_href),
        Fact("Therapist", chosen.therapist.name, change_href),
        Fact("Price", fees_words(service.kind, cents, clients, facts.currency)),
    )


def take(
    form: AtForm,
    rules: RuleBook,
    service: Service,
    act: Callable[[Session, Chosen], str],
    *,
    page: Callable[[Chosen], str],
    said: str,
    is_theirs: Callable[[Attendance], bool] | None = None,
) -> ResponseReturnValue:
    """Run ``act`` with the chosen time, and lead to the session whose public id it returns.

    An invalid form is a 422, a lost race a 409 with other times; both show ``page`` again with all that was typed.
    Where the time was lost to those for whom it is booked (``is_theirs`` says so of a place), the button was pressed
    twice: that leads to what they have.
    """
    if isinstance(form, WayForm):
        form.way.choices = all_ways(rules)
    is_valid = form.validate()
    chosen = chosen_of(rules, service, str(form.at.data or ""))
    if not is_valid:
        return page(chosen), 422
    try:
        public_id = in_unit_of_work(lambda session: act(session, chosen))
    except (SlotTaken, NotOffered) as error:
        already = booked_already(service, chosen, is_theirs) if is_theirs else ""
        if already:
            flash("This is booked already.")
            return redirect(already, 303)
        form.form_errors = [_sentence(error)]
        return page(Chosen(chosen.therapist, chosen.starts_at, None)), error.status
    flash(said)
    return redirect(url_for("desk.appointment", public_id=public_id), 303)


def booked_already(service: Service, chosen: Chosen, is_theirs: Callable[[Attendance], bool]) -> str:
    """Return the address of the session that they have at the chosen time already, or nothing."""
    found = appointment_at(db.session(), service.id, chosen.therapist.id, chosen.starts_at)
    kept = [each for each in found.attendances if each.status in LIVE and is_theirs(each)] if found else []
    needed = 2 if service.kind == "couple" else 1
    return url_for("desk.appointment", public_id=found.public_id) if found and len(kept) == needed else ""


def _sentence(error: PracticeError) -> str:
    return f"{error.message} {'' if isinstance(error, SlotTaken) else 'These are close to it.'}".strip()
