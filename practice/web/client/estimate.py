"""What a session is expected to cost, in writing: to read and to print, and to ask for."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.services.estimates import ask_for_estimate
from practice.web.access import requires
from practice.web.birth_dates import known_birth_date
from practice.web.client.blueprint import bp
from practice.web.client.estimates_shown import given, may_ask
from practice.web.client.home import own_attendance
from practice.web.estimates_shown import paper_of
from practice.web.frame import the_facts

ASKED = "We write it down for you. You have it within three business days, here and as you chose to be reached."


@bp.get("/sessions/<public_id>/estimate")
@requires(Permission.OWN_APPOINTMENTS)
def estimate(public_id: str) -> ResponseReturnValue:
    """Show the estimate that was given last."""
    attendance = own_attendance(public_id)
    found = given(attendance)
    if found is None:
        raise NotFound
    client = attendance.client
    paper = paper_of(found.content, client.name, known_birth_date(client), the_facts().locale)
    return render_template("client/estimate.html", paper=paper, back_href=url_for(".show", public_id=public_id))


@bp.post("/sessions/<public_id>/estimate")
@requires(Permission.OWN_APPOINTMENTS)
def estimate_ask(public_id: str) -> ResponseReturnValue:
    """Ask for an estimate."""
    attendance = own_attendance(public_id)
    if not may_ask(attendance):
        raise NotFound
    client_id, appointment_id = attendance.client_id, attendance.appointment_id
    in_unit_of_work(lambda session: ask_for_estimate(session, client_id, appointment_id, by=g.identity, now=g.now))
    flash(ASKED, "good")
    return redirect(url_for(".show", public_id=public_id), 303)
