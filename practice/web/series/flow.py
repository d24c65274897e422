"""The steps between a form about a series and its making: every date, a check, made. Nothing is kept in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from practice.db import in_unit_of_work
from practice.domain.errors import SlotTaken, ValidationFailed
from practice.services.series import Answer, MadeSeries
from practice.services.series_plan import Plan
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.presenting import Habit, habit_of
from practice.web.series.forms import answers_form, answers_in
from practice.web.series.plan_shown import PlanPage, conflict_count, facts_of, final_rows, rows_of
from practice.web.series.side import Side

FormT = TypeVar("FormT", bound=BaseForm)


@dataclass(frozen=True, slots=True)
class Flow(Generic[FormT]):
    """One way to make a series: ``kind`` is its form, ``plan`` turns a valid one into dates, ``make`` makes them.

    ``ask`` is the page that asks, with whatever is wrong; ``page`` names the endpoints, which are about ``subject``.
    """

    side: Side
    page: str
    subject: str
    heading: str
    kind: type[FormT]
    ask: Callable[[FormT], str]
    plan: Callable[[FormT], Plan | None]
    make: Callable[[Session, Plan, Mapping[date, Answer]], MadeSeries]
    button: str
    told: str
    said: str

    def url(self, step: str = "", **more: str) -> str:
        """Return the address of one of the steps."""
        return self.side.url(f"{self.page}_{step}" if step else self.page, self.subject, **more)


def dates(flow: Flow[FormT]) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    form = flow.kind(request.args)
    plan = flow.plan(form) if form.validate() else None
    if plan is None:
        return flow.ask(form), ValidationFailed.status
    return _dates_page(flow, plan, form, answers_form(plan, _habit(), None, BaseForm))


def check(flow: Flow[FormT]) -> ResponseReturnValue:
    """Show the series as it will be made, with what was decided about each conflict."""
    base, plan, form = _read(flow, request.args)
    if plan is None:
        return flow.ask(base), ValidationFailed.status
    if not form.validate():
        return _dates_page(flow, plan, base, form), ValidationFailed.status
    page = PlanPage(
        heading=flow.heading,
        facts=facts_of(plan, _habit()),
        rows=final_rows(plan, _habit(), answers_in(form, plan.planned)),
        conflicts=0,
        fields=_fields(form),
        back_href=flow.url("dates", **_own(request.args).to_dict()),
        next_href=flow.url("make"),
        button=flow.button,
        told=flow.told,
    )
    return render_template("series/check.html", page=page, form=form)


def make(flow: Flow[FormT]) -> ResponseReturnValue:
    """Make it; where a date was taken in the meantime, show the dates once more."""
    base, plan, form = _read(flow, request.form)
    if plan is None:
        return flow.ask(base), ValidationFailed.status
    if not form.validate():
        return _dates_page(flow, plan, base, form), ValidationFailed.status
    answers = answers_in(form, plan.planned)
    try:
        made = in_unit_of_work(lambda session: flow.make(session, plan, answers))
    except (SlotTaken, ValidationFailed) as error:
        again = flow.plan(base) or plan
        form = answers_form(again, _habit(), None, BaseForm)
        form.form_errors = [error.message]
        return _dates_page(flow, again, base, form), error.status
    flash(flow.said)
    return redirect(flow.side.url("series", made.public_id), 303)


def _read(flow: Flow[FormT], sent: MultiDict[str, str]) -> tuple[FormT, Plan | None, BaseForm]:
    """Return the form, its plan (None where it is not valid), and the form with the questions about dates."""
    base = flow.kind(_own(sent))
    plan = flow.plan(base) if base.validate() else None
    return base, plan, answers_form(plan, _habit(), sent, flow.kind) if plan else base


def _own(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what belongs to the form itself, without the answers about dates."""
    return MultiDict((name, value) for name, value in sent.items(multi=True) if not name.startswith("on20"))


def _fields(form: BaseForm) -> tuple[tuple[str, str], ...]:
    """Return what a form was sent, for the next one to send along."""
    return tuple((field.name, value) for field in form for value in field.raw_data or () if value)


def _dates_page(flow: Flow[FormT], plan: Plan, base: FormT, form: BaseForm) -> str:
    page = PlanPage(
        heading=flow.heading,
        facts=facts_of(plan, _habit()),
        rows=rows_of(plan, _habit(), form, flow.side.session_href),
        conflicts=conflict_count(plan),
        fields=_fields(base),
        back_href=flow.url(),
        next_href=flow.url("check"),
        button="Continue",
    )
    return render_template("series/dates.html", page=page, form=form)


def _habit() -> Habit:
    return habit_of(the_facts().locale)
