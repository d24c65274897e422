"""A date of a group: made, changed, cancelled, and led by somebody else."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, NotOffered, SlotTaken, ValidationFailed
from practice.domain.explaining import Question
from practice.domain.rule_book import RuleBook, Service, Therapist
from practice.models import Appointment, Lead
from practice.queries.appointments import dates_of_groups
from practice.queries.busy import current_rules
from practice.queries.courses import courses_to_come
from practice.services.cancelling import cancel_appointment
from practice.services.group_dates import add_date, doubts_about
from practice.services.leading import DateChange, Leads, change_date, free_to_lead, substitute_lead
from practice.web.flashes import flash_with_undo
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.groups.forms import (
    DateChangeForm,
    GroupDateForm,
    LeadForm,
    LeadUndoForm,
    place_choices,
    rooms_by_choice,
)
from practice.web.groups.keeper import Keeper
from practice.web.groups.shown import date_words, groups_page, led_by

CHANGED = "This has changed in the meantime, so nothing was taken back. Here is how it stands now."
UNDO = "lead_undo"
Refused = (NotOffered, SlotTaken, ValidationFailed)


def groups(keeper: Keeper) -> ResponseReturnValue:
    """Show the groups with their courses and dates."""
    rules = current_rules(db.session())
    dates, courses = dates_of_groups(db.session(), g.now), courses_to_come(db.session(), g.now)
    page = groups_page(keeper, rules, dates, courses, g.now)
    return render_template("groups/groups.html", groups=page)


def new_date(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """Ask when, with whom and where."""
    rules, service = keeper.group(slug)
    form = GroupDateForm(data={"capacity": service.capacity, "minimum": keeper.minimum_of(service)})
    return _new_page(keeper, rules, service, form)


def make_date(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """Make the date."""
    rules, service = keeper.group(slug)
    form = GroupDateForm(request.form)
    form.offer(keeper, rules, service)
    if not form.validate() or form.on.data is None:
        return _new_page(keeper, rules, service, form), 422
    new = form.on_date(rules, service, form.on.data, anyway=bool(form.anyway.data))
    try:
        in_unit_of_work(lambda unit: add_date(unit, rules, new, by=g.identity, now=g.now))
    except Refused as error:
        refuse(form, error, "start")
        return _new_page(keeper, rules, service, form), error.status
    flash("The date is made. Its places can be booked now.")
    return redirect(keeper.url("groups"), 303)


def refuse(form: BaseForm, error: NotOffered | SlotTaken | ValidationFailed, field: str) -> None:
    """Say what a service refused, at a field where it names none."""
    form.refuse(error if isinstance(error, ValidationFailed) else ValidationFailed(errors={field: error.message}))


def _new_page(keeper: Keeper, rules: RuleBook, service: Service, form: GroupDateForm) -> str:
    form.offer(keeper, rules, service)
    return render_template("groups/new_date.html", name=service.name, form=form, keeper=keeper)


def change(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Ask how a date is to be."""
    found = keeper.date(public_id, is_open_at=g.now)
    data = {
        "place": str(found.room_id) if found.room_id else "online",
        "co_lead": _co_lead(found),
        "capacity": found.capacity,
        "minimum": found.minimum,
    }
    return _change_page(keeper, found, DateChangeForm(data=data))


def save_change(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Change it."""
    found, rules = keeper.date(public_id, is_open_at=g.now), current_rules(db.session())
    form = _offered(rules, found, DateChangeForm(request.form))
    if not form.validate():
        return _change_page(keeper, found, form), 422
    wanted = DateChange(
        capacity=int(form.capacity.data or found.capacity),
        minimum=int(form.minimum.data or 0),
        room=rooms_by_choice(rules).get(str(form.place.data)),
        co_lead=rules.therapist_by_slug.get(str(form.co_lead.data or "")),
    )
    try:
        in_unit_of_work(lambda unit: change_date(unit, rules, public_id, wanted, by=g.identity, now=g.now))
    except Refused as error:
        refuse(form, error, "place")
        return _change_page(keeper, found, form), error.status
    flash("The date is changed.")
    return redirect(keeper.href_of_date(public_id), 303)


def _co_lead(found: Appointment) -> str:
    return next((row.therapist.slug for row in found.therapists if row.part == Lead.CO_LEAD), "")


def _offered(rules: RuleBook, found: Appointment, form: DateChangeForm) -> DateChangeForm:
    service = rules.service_by_id[found.service_id]
    offering = [one for one in rules.therapists if (one.id, service.id) in rules.offer_of and one.id != found.lead.id]
    form.co_lead.choices = [("", "Nobody"), *((one.slug, one.name) for one in offering)]
    form.place.choices = place_choices(rules, service)
    return form


def _change_page(keeper: Keeper, found: Appointment, form: DateChangeForm) -> str:
    _offered(current_rules(db.session()), found, form)
    when, back = date_words(found, the_facts()), keeper.href_of_date(found.public_id)
    return render_template(
        "groups/change_date.html", name=found.service.name, when=when, form=form, back=back, taken=found.places_taken
    )


def lead(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Show who is free to lead a date instead."""
    return _lead_page(keeper, keeper.date(public_id, is_open_at=g.now), LeadForm())


def take_lead(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Let somebody else lead it, and offer to take that back."""
    found, form, rules = keeper.date(public_id, is_open_at=g.now), LeadForm(request.form), current_rules(db.session())
    form.therapist.choices = [(one.slug, one.name) for one in rules.therapists]
    if not form.validate():
        return _lead_page(keeper, found, form), 422
    new, co_lead = rules.therapist_by_slug[str(form.therapist.data)], _co_lead(found)
    kept = rules.therapist_by_slug.get(co_lead)
    wanted = Leads(new.id, kept.id if kept and kept.id != new.id else None)
    try:
        in_unit_of_work(lambda unit: substitute_lead(unit, rules, public_id, wanted, by=g.identity, now=g.now))
    except Refused as error:
        refuse(form, error, "therapist")
        return _lead_page(keeper, found, form), error.status
    session[UNDO] = {"date": public_id, "lead": found.lead.slug, "co_lead": co_lead, "at": g.now.isoformat()}
    flash_with_undo(f"{new.name} leads this date.", keeper.url("group_lead_undo", public_id=public_id))
    return redirect(keeper.url("groups"), 303)


def undo_lead(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Take back what this browser changed last, unless something has happened since."""
    if not LeadUndoForm(request.form).validate():
        raise ValidationFailed
    step, rules = session.pop(UNDO, {}), current_rules(db.session())
    before = rules.therapist_by_slug.get(step.get("lead", ""))
    if step.get("date") != public_id or before is None:
        raise NotFound
    co_lead = rules.therapist_by_slug.get(step["co_lead"])
    wanted, at = Leads(before.id, co_lead.id if co_lead else None), datetime.fromisoformat(step["at"])
    try:
        in_unit_of_work(
            lambda unit: substitute_lead(unit, rules, public_id, wanted, by=g.identity, now=g.now, takes_back=at)
        )
    except (ImpossibleStep, NotOffered, SlotTaken):
        flash(CHANGED, "problem")
    else:
        flash(f"Taken back. {before.name} leads this date, as before.")
    return redirect(keeper.url("groups"), 303)


def _lead_page(keeper: Keeper, found: Appointment, form: LeadForm) -> str:
    rules = current_rules(db.session())
    free = free_to_lead(db.session(), rules, found, now=g.now)
    form.therapist.choices = [(one.slug, one.name) for one in free]
    hints = {one.slug: _doubts(rules, found, one) for one in free}
    return render_template(
        "groups/lead.html",
        name=found.service.name,
        when=date_words(found, the_facts()),
        led_by=led_by(found),
        form=form,
        hints={slug: words for slug, words in hints.items() if words},
        is_anybody_free=bool(free),
        back=keeper.href_of_date(found.public_id),
        comes=found.places_taken,
    )


def _doubts(rules: RuleBook, found: Appointment, therapist: Therapist) -> str:
    question = Question(rules, rules.service_by_id[found.service_id], therapist, (), g.now, "staff")
    doubts = doubts_about(db.session(), question, found.starts_at, found.location_id, besides=found.id)
    is_with = any(row.therapist_id == therapist.id for row in found.therapists)
    return " ".join(
        ["Leads it with them already."] * is_with + [each.for_staff(rules.practice.zone) for each in doubts]
    )


def cancel(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Say what cancelling a date means."""
    found = keeper.date(public_id, is_open_at=g.now)
    when, back = date_words(found, the_facts()), keeper.href_of_date(public_id)
    return render_template(
        "groups/cancel_date.html",
        name=found.service.name,
        when=when,
        comes=found.places_taken,
        back=back,
        action=keeper.url("group_date_cancel_now", public_id=public_id),
    )


def cancel_now(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Cancel it for everybody."""
    keeper.date(public_id)
    in_unit_of_work(lambda unit: cancel_appointment(unit, public_id, by=g.identity, now=g.now, by_practice=True))
    flash("The date is cancelled. Whoever had a place and chose e-mail is told in a few minutes.")
    return redirect(keeper.href_of_date(public_id), 303)
