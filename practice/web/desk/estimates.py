"""Good-faith estimates: which are to be given by when, making one in a press, printing it, noting that it was given."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import AnyOf

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Client, Estimate
from practice.queries.appointments import attendance_by_public_id
from practice.queries.estimates import estimate_by_public_id, estimates_listed, estimates_waiting
from practice.services.estimates import ask_for_estimate, give_estimate, make_estimate
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.clients_shown import PER_PAGE
from practice.web.desk.estimates_shown import estimate_page, estimates_page
from practice.web.forms.base import BaseForm
from practice.web.paging import read_page
from practice.web.reading import note_read

GIVEN = {
    "paper": "Noted: the estimate was given on paper.",
    "mail": "A message is on its way that leads to the estimate, and says nothing of it.",
}


class GiveForm(BaseForm):
    """How an estimate was given."""

    how = HiddenField("How", [AnyOf(tuple(GIVEN))])


@bp.get("/estimates")
@requires(Permission.CLIENTS_READ)
def estimates() -> ResponseReturnValue:
    """List the estimates that are to be given, or those that were."""
    is_given, number = "given" in request.args, read_page(request.args)
    found = estimates_listed(db.session(), now=g.now, is_given=is_given, page=number, per_page=PER_PAGE)
    if found:
        note_read("estimates.listed", ("", ""), estimates=[each.public_id for each in found[:PER_PAGE]])
    waiting = estimates_waiting(db.session(), now=g.now)
    page = estimates_page(found, number, waiting, is_given=is_given)
    return render_template("desk/estimates.html", page=page)


@bp.get("/estimates/<public_id>")
@requires(Permission.CLIENTS_READ)
def estimate(public_id: str) -> ResponseReturnValue:
    """Show one estimate, to read and to print."""
    found, client = _found(public_id)
    note_read("estimate.read", ("estimate", public_id), client=client.public_id)
    return render_template("desk/estimate.html", page=estimate_page(found, client))


@bp.post("/estimates/<public_id>/make")
@requires(Permission.CLIENTS_WRITE)
def estimate_make(public_id: str) -> ResponseReturnValue:
    """Write an estimate, and show it."""
    try:
        in_unit_of_work(lambda session: make_estimate(session, public_id, by=g.identity, now=g.now))
    except ImpossibleStep as error:
        flash(error.message, "problem")
        return redirect(url_for("desk.estimates"), 303)
    return redirect(url_for("desk.estimate", public_id=public_id), 303)


@bp.post("/estimates/<public_id>/give")
@requires(Permission.CLIENTS_WRITE)
def estimate_give(public_id: str) -> ResponseReturnValue:
    """Note that an estimate was given on paper, or mail a link to it."""
    form = GiveForm(request.form)
    if not form.validate():
        raise ValidationFailed
    is_mailed = form.how.data == "mail"
    try:
        in_unit_of_work(
            lambda session: give_estimate(session, public_id, is_mailed=is_mailed, by=g.identity, now=g.now)
        )
    except ImpossibleStep as error:
        flash(error.message, "problem")
        return redirect(url_for("desk.estimate", public_id=public_id), 303)
    flash(GIVEN[str(form.how.data)])
    return redirect(url_for("desk.estimates"), 303)


@bp.post("/attendances/<public_id>/estimate")
@requires(Permission.CLIENTS_WRITE)
def estimate_ask(public_id: str) -> ResponseReturnValue:
    """Begin an estimate that somebody asks for, and write it at once."""
    place = attendance_by_public_id(db.session(), public_id)
    if place is None:
        raise NotFound
    client_id, appointment_id = place.client_id, place.appointment_id

    def work(session: Session) -> str:
        asked = ask_for_estimate(session, client_id, appointment_id, by=g.identity, now=g.now)
        return make_estimate(session, asked.public_id, by=g.identity, now=g.now).public_id

    return redirect(url_for("desk.estimate", public_id=in_unit_of_work(work)), 303)


def _found(public_id: str) -> tuple[Estimate, Client]:
    found = estimate_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    return found
