"""Closed days, and the sessions that are booked on them."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.models import Appointment, Closure, Location
from practice.queries.hours import active_locations
from practice.queries.setup import appointments_in_closures, closures_to_come
from practice.services.practice_setup import add_closure, remove_closure
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import ClosureForm
from practice.web.admin.pages import FormPage, ListPage, Press, Row, Way, show_form
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of
from practice.web.saving import save

EVERYTHING = "The whole practice"
MOST_LISTED = 50


@bp.get("/closures")
@requires(Permission.ADMIN)
def closures() -> ResponseReturnValue:
    """List the closed days to come, and the sessions on them."""
    rows = tuple(_row(*found) for found in closures_to_come(db.session(), g.now))
    add = Way("Add closed days", url_for("admin.closures_new"))
    page = ListPage("Closed days", ("Name", "What", "From", "Until", "More"), rows, add, "No closed days are planned")
    booked = appointments_in_closures(db.session(), g.now, most=MOST_LISTED)
    return render_template("admin/closures.html", page=page, booked=[_words(each) for each in booked])


@bp.get("/closures/new")
@requires(Permission.ADMIN)
def closures_new() -> ResponseReturnValue:
    """Ask which days are closed."""
    return show_form(_offered(ClosureForm(data={"starts_on": today_here()})), _page())


@bp.post("/closures/new")
@requires(Permission.ADMIN)
def closures_add() -> ResponseReturnValue:
    """Close a place, or the practice."""
    form = _offered(ClosureForm(request.form))
    chosen = str(form.location.data or "")
    zones = {place.public_id: place.zone for place in active_locations(db.session())}
    zone = zones.get(chosen, the_facts().zone)
    name = str(form.name.data or "")
    return save(
        form,
        lambda session: add_closure(session, name, chosen, *form.span(zone), by=g.identity, now=g.now),
        page=lambda: show_form(form, _page()),
        said="Saved. Nobody can book then; sessions that are booked on these days are listed here.",
        to=url_for("admin.closures"),
    )


@bp.post("/closures/<public_id>/remove")
@requires(Permission.ADMIN)
def closures_remove(public_id: str) -> ResponseReturnValue:
    """Open again."""
    in_unit_of_work(lambda session: remove_closure(session, public_id, by=g.identity, now=g.now))
    flash("Open again.")
    return redirect(url_for("admin.closures"), 303)


def _offered(form: ClosureForm) -> ClosureForm:
    places = {place.public_id: place.name for place in active_locations(db.session())}
    form.location.choices = {"": EVERYTHING} | places
    return form


def _page() -> FormPage:
    return FormPage("Add closed days", Way("Closed days", url_for("admin.closures")))


def _row(closure: Closure, location: Location | None) -> Row:
    facts = the_facts()
    zone, habit = location.zone if location else facts.zone, habit_of(facts.locale)
    remove = Press("Open again", url_for("admin.closures_remove", public_id=closure.public_id))
    cells = (
        location.name if location else EVERYTHING,
        format_moment(closure.starts_at, zone, habit),
        format_moment(closure.ends_at, zone, habit),
    )
    return Row(closure.name or "Closed", "", cells, presses=(remove,))


def _words(appointment: Appointment) -> str:
    facts = the_facts()
    when = format_moment(appointment.starts_at, facts.zone, habit_of(facts.locale))
    return f"{when}, {appointment.service.name} with {appointment.lead.name}"
