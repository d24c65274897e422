"""A course: its dates are listed with what stands in their way, made together, shown, and cancelled together."""

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.domain.rule_book import RuleBook, Service
from practice.services.courses import FEWEST, NewCourse, cancel_course, make_course
from practice.services.group_dates import check_way, plan_dates
from practice.web.frame import the_facts
from practice.web.groups.dates import Refused, refuse
from practice.web.groups.forms import CourseCheckForm, CourseForm
from practice.web.groups.keeper import Keeper
from practice.web.groups.shown import course_check, course_page, date_words


def new(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """Ask for a course, with what was typed before."""
    rules, service = keeper.group(slug)
    first = {"capacity": service.capacity, "minimum": keeper.minimum_of(service), "enrol": "both", "weeks": 8}
    form = CourseForm(request.args) if "name" in request.args else CourseForm(data=first)
    return _page(keeper, rules, service, form)


def check(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """List every date first, each with what stands in its way."""
    rules, service = keeper.group(slug)
    form = CourseForm(request.args)
    form.offer(keeper, rules, service)
    if not form.validate():
        return _page(keeper, rules, service, form), 422
    try:
        return _check_page(keeper, rules, service, form)
    except Refused as error:
        refuse(form, error, "place")
        return _page(keeper, rules, service, form), error.status


def make(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """Make the dates that were ticked, all of them or none."""
    rules, service = keeper.group(slug)
    form = CourseCheckForm(request.form)
    form.offer(keeper, rules, service)
    form.on.choices = [(each.isoformat(), each.isoformat()) for each in form.dates()]
    if not form.validate():
        return _page(keeper, rules, service, form), 422
    days = form.ticked()
    if len(days) < FEWEST:
        form.on.errors = ["Tick at least two dates. A single one can be made alone."]
        return _check_page(keeper, rules, service, form), 422
    dates = [form.on_date(rules, service, on, anyway=True) for on in days]
    wanted = NewCourse(str(form.name.data), str(form.enrol.data), dates)
    try:
        made = in_unit_of_work(lambda session: make_course(session, rules, wanted, by=g.identity, now=g.now))
    except Refused as error:
        refuse(form, error, "on")
        return _check_page(keeper, rules, service, form), error.status
    flash("The course is made. Its places can be booked now.")
    return redirect(keeper.url("group_course", public_id=made), 303)


def show(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Show a course with its dates."""
    page = course_page(keeper, keeper.course(public_id), g.now)
    return render_template("groups/course.html", page=page)


def cancel(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Say what cancelling a course means."""
    found = keeper.course(public_id)
    page, facts = course_page(keeper, found, g.now), the_facts()
    dates = [date_words(each, facts) for each in found.coming(g.now)]
    action = keeper.url("group_course_cancel_now", public_id=public_id)
    back = keeper.url("group_course", public_id=public_id)
    return render_template("groups/cancel_course.html", page=page, dates=dates, action=action, back=back)


def cancel_now(keeper: Keeper, public_id: str) -> ResponseReturnValue:
    """Cancel all of it that is still to come."""
    found = keeper.course(public_id)
    if not keeper.is_whole(found.course, found):
        raise ValidationFailed("Somebody else leads part of this course. Please speak to the front desk.")
    in_unit_of_work(lambda session: cancel_course(session, public_id, by=g.identity, now=g.now))
    flash("The course is cancelled. Whoever had a place and chose e-mail is told in a few minutes.")
    return redirect(keeper.url("group_course", public_id=public_id), 303)


def _page(keeper: Keeper, rules: RuleBook, service: Service, form: CourseForm) -> str:
    form.offer(keeper, rules, service)
    action = keeper.url("group_course_check", slug=service.slug)
    return render_template("groups/new_course.html", name=service.name, form=form, keeper=keeper, action=action)


def _check_page(keeper: Keeper, rules: RuleBook, service: Service, form: CourseForm) -> str:
    dates = [form.on_date(rules, service, on, anyway=True) for on in form.dates()]
    check_way(rules, dates[0])
    planned = plan_dates(db.session(), rules, dates, g.now)
    page = course_check(keeper, rules, service, form, planned)
    return render_template("groups/check_course.html", page=page, form=form)
