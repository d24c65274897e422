"""The day of all therapists: on the screen, and on paper."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Appointment
from practice.queries.appointments import appointments_between
from practice.queries.busy import current_rules
from practice.web.access import requires
from practice.web.calendar_days import instants_of_days, read_day, today_here
from practice.web.desk.appointment_shown import desk_view
from practice.web.desk.blueprint import bp
from practice.web.desk.day_shown import day_page, sheet_page
from practice.web.frame import the_facts
from practice.web.reading import note_read
from practice.web.sessions_shown import View


@dataclass(frozen=True, slots=True)
class Found:
    """What both pages of a day stand on."""

    on: date
    today: date
    view: View
    appointments: tuple[Appointment, ...]


@bp.get("")
@requires(Permission.DESK)
def day() -> ResponseReturnValue:
    """Show today, or lead to the date that was asked for."""
    if "on" in request.args:
        return redirect(url_for("desk.one_day", on=read_day(request.args["on"]).isoformat()))
    return _page(_find(None))


@bp.get("/days/<on>")
@requires(Permission.DESK)
def one_day(on: str) -> ResponseReturnValue:
    """Show any day."""
    return _page(_find(read_day(on)))


@bp.get("/days/<on>/sheet")
@requires(Permission.DESK)
def sheet(on: str) -> ResponseReturnValue:
    """Show a day as one list, made for paper."""
    found = _find(read_day(on), with_cancelled=False)
    return render_template("desk/sheet.html", page=sheet_page(found.appointments, found.view, found.on))


def _page(found: Found) -> ResponseReturnValue:
    rules = current_rules(db.session())
    page = day_page(found.appointments, found.view, rules, on=found.on, today=found.today)
    return render_template("desk/day.html", page=page)


def _find(on: date | None, *, with_cancelled: bool = True) -> Found:
    facts = the_facts()
    today = today_here()
    on = on or today
    first, end = instants_of_days(facts.zone, on, on)
    found = tuple(appointments_between(db.session(), first, end, with_cancelled=with_cancelled))
    note_read("day.read", ("day", on.isoformat()), appointments=[appointment.public_id for appointment in found])
    return Found(on, today, desk_view(facts), found)
