"""Making a booked session the first of a series: how often, every date with what conflicts, a check, made."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, SlotTaken, ValidationFailed
from practice.domain.lifecycle import LIVE
from practice.domain.rule_book import Modality
from practice.domain.series import WEEK
from practice.models import Appointment, AppointmentStatus
from practice.queries.busy import current_rules
from practice.queries.series import series_by_id
from practice.services.series import REPEATABLE, MadeSeries, repeat_appointment
from practice.services.series_plan import Pattern, Plan, plan_series
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.presenting import Habit, format_moment, habit_of
from practice.web.series.forms import RepeatForm, answers_form, answers_in
from practice.web.series.plan_shown import PlanPage, conflict_count, facts_of, final_rows, rows_of
from practice.web.series.side import Side
from practice.web.sessions_shown import session_card


@dataclass(frozen=True, slots=True)
class RepeatPage:
    """The session that is to be repeated, and the form that asks how."""

    title: str
    when: str
    service: str
    back_href: str
    next_href: str
    form: RepeatForm


def can_repeat(appointment: Appointment) -> bool:
    """Whether a series can begin with a session: booked, no group's, in no series yet, and not long past."""
    is_free = appointment.series_id is None and appointment.status == AppointmentStatus.BOOKED
    is_recent = appointment.starts_at + WEEK > g.now
    return is_free and is_recent and appointment.service.kind in REPEATABLE


def ask(side: Side, public_id: str) -> ResponseReturnValue:
    """Ask how often the session repeats, and until when."""
    found = _repeatable(side, public_id)
    if isinstance(found, Appointment):
        data = {"every": "1", "ends": "times", "times": 12, "skips": True}
        return _ask_page(side, found, RepeatForm(data=data))
    return found


def dates(side: Side, public_id: str) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    found = _repeatable(side, public_id)
    if not isinstance(found, Appointment):
        return found
    form = RepeatForm(request.args)
    plan = _plan(found, form)
    if plan is None:
        return _ask_page(side, found, form), ValidationFailed.status
    return _dates_page(side, found, plan, form, answers_form(plan, _habit(), None, BaseForm))


def check(side: Side, public_id: str) -> ResponseReturnValue:
    """Show the series as it will be made, with what was decided about each conflict."""
    found = _repeatable(side, public_id)
    if not isinstance(found, Appointment):
        return found
    base = RepeatForm(_own(request.args))
    plan = _plan(found, base)
    if plan is None:
        return _ask_page(side, found, base), ValidationFailed.status
    form = answers_form(plan, _habit(), request.args, RepeatForm)
    if not form.validate():
        return _dates_page(side, found, plan, base, form), ValidationFailed.status
    return _check_page(side, found, plan, form)


def make(side: Side, public_id: str) -> ResponseReturnValue:
    """Make the series; where a date was taken in the meantime, show the dates once more."""
    found = _repeatable(side, public_id)
    if not isinstance(found, Appointment):
        return found
    base = RepeatForm(_own(request.form))
    plan = _plan(found, base)
    if plan is None:
        return _ask_page(side, found, base), ValidationFailed.status
    form = answers_form(plan, _habit(), request.form, RepeatForm)
    if not form.validate():
        return _dates_page(side, found, plan, base, form), ValidationFailed.status
    answers = answers_in(form, plan.planned)

    def act(session: Session) -> MadeSeries:
        return repeat_appointment(session, plan.rules, public_id, plan.pattern, answers, by=g.identity, now=g.now)

    try:
        made = in_unit_of_work(act)
    except (SlotTaken, ValidationFailed) as error:
        again = _plan(found, base) or plan
        form = answers_form(again, _habit(), None, BaseForm)
        form.form_errors = [error.message]
        return _dates_page(side, found, again, base, form), error.status
    flash("The series is booked. Whoever chose e-mail gets one message with all of its dates.")
    return redirect(side.url("series", made.public_id), 303)


def _repeatable(side: Side, public_id: str) -> Appointment | ResponseReturnValue:
    """Return the session, or lead to the series that it is part of already: the button was pressed twice."""
    found = side.appointment(public_id)
    series = series_by_id(db.session(), found.series_id)
    if series is not None:
        return redirect(side.url("series", series.public_id), 303)
    if not can_repeat(found):
        raise ImpossibleStep
    return found


def _plan(found: Appointment, form: RepeatForm) -> Plan | None:
    """Return the plan that a form asks for, or None where the form is not valid."""
    if not form.validate():
        return None
    rule = form.rule(found.zone, *_wall(found))
    if not form.fits(rule):
        return None
    pattern = Pattern(
        rule=rule,
        service_id=found.service_id,
        therapist_id=found.lead.id,
        modality=_modality(found),
        location_id=found.location_id,
        duration_minutes=int((found.ends_at - found.starts_at).total_seconds()) // 60,
        skips_closures=bool(form.skips.data),
        room_id=found.room_id,
    )
    clients = [each.client.resource_id for each in found.attendances if each.status in LIVE]
    session = db.session()
    return plan_series(session, current_rules(session), pattern, clients, now=g.now, after=rule.starts_on)


def _wall(found: Appointment) -> tuple[date, int]:
    local = found.starts_at.astimezone(ZoneInfo(found.zone))
    return local.date(), local.hour * 60 + local.minute


def _modality(found: Appointment) -> Modality:
    return "online" if found.location_id is None else "in_person"


def _own(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what belongs to the form itself, without the answers about dates."""
    return MultiDict((name, value) for name, value in sent.items(multi=True) if not name.startswith("on20"))


def _fields(form: BaseForm) -> tuple[tuple[str, str], ...]:
    """Return what a form was sent, for the next one to send along."""
    return tuple((field.name, value) for field in form for value in field.raw_data or () if value)


def _habit() -> Habit:
    return habit_of(the_facts().locale)


def _ask_page(side: Side, found: Appointment, form: RepeatForm) -> str:
    card, view = session_card(found, side.view()), side.view()
    page = RepeatPage(
        title=card.title,
        when=format_moment(found.starts_at, view.zone, view.habit),
        service=card.service,
        back_href=card.href,
        next_href=side.url("series_dates", found.public_id),
        form=form,
    )
    return render_template("series/repeat.html", page=page, form=form)


def _dates_page(side: Side, found: Appointment, plan: Plan, base: RepeatForm, form: BaseForm) -> str:
    conflicts = conflict_count(plan)
    page = PlanPage(
        heading=session_card(found, side.view()).title,
        facts=facts_of(plan, _habit()),
        rows=rows_of(plan, _habit(), form, side.session_href),
        conflicts=conflicts,
        fields=_fields(base),
        back_href=side.url("series_repeat", found.public_id),
        next_href=side.url("series_check", found.public_id),
        button="Continue",
    )
    return render_template("series/dates.html", page=page, form=form)


def _check_page(side: Side, found: Appointment, plan: Plan, form: BaseForm) -> str:
    page = PlanPage(
        heading=session_card(found, side.view()).title,
        facts=facts_of(plan, _habit()),
        rows=final_rows(plan, _habit(), answers_in(form, plan.planned)),
        conflicts=0,
        fields=_fields(form),
        back_href=side.url("series_dates", found.public_id, **request.args.to_dict()),
        next_href=side.url("series_make", found.public_id),
        button="Book the series",
        told="Whoever chose e-mail gets one message with all of these dates.",
    )
    return render_template("series/check.html", page=page, form=form)
