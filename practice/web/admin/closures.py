"""Closed days, and the sessions that are booked on them."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Appointment, Closure, Location
from practice.queries.hours import active_locations
from practice.queries.setup import appointments_between, appointments_in_closures, closures_to_come
from practice.services.practice_setup import add_closure, remove_closure
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import ClosureForm
from practice.web.admin.pages import (
    Empty,
    FormPage,
    Group,
    ListPage,
    Press,
    Preview,
    Row,
    Way,
    page_links,
    save_or_preview,
    show_form,
    trail,
)
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.presenting import format_moment, habit_of

EVERYTHING = "The whole practice"
MOST_LISTED = 50
BACKWARDS = "The end must be after the start."
COLUMNS = ("Name", "What", "From", "Until", "More")
EMPTY = Empty("No closed days are planned", "Add the public holidays of a year at once, or days of your own.")
SAID = "Saved. Nobody can book then; sessions that are booked on these days are listed here."


@bp.get("/closures")
@requires(Permission.ADMIN)
def closures() -> ResponseReturnValue:
    """List the closed days to come, and the sessions on them."""
    number = read_page(request.args)
    found = closures_to_come(db.session(), g.now, number)
    rows = tuple(_row(*each) for each in found.rows)
    add = Way("Add closed days", url_for("admin.closures_new"))
    also = (Way("Add public holidays", url_for("admin.holidays")),)
    links = page_links("admin.closures", number, found.total)
    page = ListPage("Closed days", COLUMNS, rows, add, EMPTY, pages=links, also=also)
    booked = appointments_in_closures(db.session(), g.now, most=MOST_LISTED)
    return render_template("admin/closures.html", page=page, booked=[_words(each) for each in booked])


@bp.get("/closures/new")
@requires(Permission.ADMIN)
def closures_new() -> ResponseReturnValue:
    """Ask which days are closed."""
    form = _offered(ClosureForm(data={"starts_on": today_here()}))
    return show_form(form, _page(form))


@bp.post("/closures/new")
@requires(Permission.ADMIN)
def closures_add() -> ResponseReturnValue:
    """Close a place, or the practice."""
    form = _offered(ClosureForm(request.form))
    chosen = str(form.location.data or "")
    zone, name = zone_of(chosen), str(form.name.data or "")
    return save_or_preview(
        form,
        lambda session: add_closure(session, name, chosen, *form.span(zone), by=g.identity, now=g.now),
        page=lambda is_preview: show_form(
            form, _page(form, _preview(*form.span(zone), chosen) if is_preview else None)
        ),
        said=SAID,
        to=url_for("admin.closures"),
    )


@bp.post("/closures/<public_id>/remove")
@requires(Permission.ADMIN)
def closures_remove(public_id: str) -> ResponseReturnValue:
    """Open again."""
    in_unit_of_work(lambda session: remove_closure(session, public_id, by=g.identity, now=g.now))
    flash("Open again. People can book these days.")
    return redirect(url_for("admin.closures"), 303)


def what_can_close() -> dict[str, str]:
    """Return what a form offers to close: everything, or one place."""
    return {"": EVERYTHING} | {place.public_id: place.name for place in active_locations(db.session())}


def zone_of(location: str) -> str:
    """Return the zone in which days of a place (its public id) begin and end, or those of the practice."""
    zones = {place.public_id: place.zone for place in active_locations(db.session())}
    return zones.get(location, the_facts().zone)


def _offered(form: ClosureForm) -> ClosureForm:
    form.location.choices = what_can_close()
    return form


def _page(form: ClosureForm, preview: Preview | None = None) -> FormPage:
    which = tuple(f"which_{side}" for side, asks in form.asks_which.items() if asks)
    return FormPage(
        "Add closed days",
        trail("Closed days", "admin.closures"),
        intro="Nobody can book then. Press Preview to see which sessions are booked already.",
        groups=(
            Group("What is closed", ("location", "name")),
            Group("When", ("starts_on", "starts", "ends_on", "ends", *which), is_row=True),
        ),
        preview=preview,
    )


def _preview(starts_at: datetime, ends_at: datetime, location: str) -> Preview:
    if ends_at <= starts_at:
        raise ValidationFailed(BACKWARDS, errors={"ends_on": BACKWARDS})
    found = appointments_between(db.session(), starts_at, ends_at, location, most=MOST_LISTED)
    return Preview("Booked then, and staying booked", "sessions", [_words(each) for each in found], is_saved=False)


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
