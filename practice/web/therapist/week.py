"""A therapist's week, and one session in it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Therapist
from practice.queries.appointments import appointment_by_public_id, appointments_between
from practice.queries.busy import current_rules
from practice.queries.hours import therapist_by_id
from practice.web.access import requires
from practice.web.calendar_days import instants_of_days, read_day
from practice.web.frame import the_facts
from practice.web.presenting import habit_of
from practice.web.reading import note_read
from practice.web.sessions_shown import View
from practice.web.therapist.blueprint import bp
from practice.web.therapist.week_shown import session_page, week_page


@bp.get("")
@requires(Permission.OWN_CALENDAR)
def week() -> ResponseReturnValue:
    """Show this week, or lead to the one that was asked for."""
    if "on" in request.args:
        return redirect(url_for("therapist.one_week", on=read_day(request.args["on"]).isoformat()))
    return _week(None)


@bp.get("/weeks/<on>")
@requires(Permission.OWN_CALENDAR)
def one_week(on: str) -> ResponseReturnValue:
    """Show the week that a date lies in."""
    return _week(read_day(on))


@bp.get("/appointments/<public_id>")
@requires(Permission.OWN_CALENDAR)
def appointment(public_id: str) -> ResponseReturnValue:
    """Show one of the therapist's own sessions."""
    therapist = _me()
    found = appointment_by_public_id(db.session(), public_id)
    if found is None or therapist.id not in {row.therapist_id for row in found.therapists}:
        raise NotFound
    note_read("appointment.read", ("appointment", public_id))
    return render_template("therapist/appointment.html", page=session_page(found, _view(therapist)))


def _me() -> Therapist:
    mine = g.identity.therapist_id
    found = None if mine is None else therapist_by_id(db.session(), mine)
    if found is None:
        raise NotFound("This account has no calendar of its own.")
    return found


def _view(therapist: Therapist) -> View:
    habit = habit_of(the_facts().locale)
    return View(therapist.zone, habit, g.now, lambda found: url_for("therapist.appointment", public_id=found))


def _week(on: date | None) -> ResponseReturnValue:
    therapist = _me()
    today: date = g.now.astimezone(ZoneInfo(therapist.zone)).date()
    on = on or today
    monday = on - timedelta(days=on.weekday())
    first, end = instants_of_days(therapist.zone, monday, monday + timedelta(days=6))
    found = appointments_between(db.session(), first, end, therapist_ids=[therapist.id], with_cancelled=True)
    shown = [each.public_id for each in found]
    note_read("week.read", ("therapist", therapist.public_id), week=monday.isoformat(), appointments=shown)
    rules = current_rules(db.session())
    page = week_page(found, rules, therapist, _view(therapist), monday=monday, today=today)
    return render_template("therapist/week.html", page=page)
