"""Who would like to be called: the list, and noting that it was done."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.queries.calls import calls_listed, was_answered
from practice.services.calls import note_answered
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.calls_shown import calls_page
from practice.web.desk.clients_shown import PER_PAGE
from practice.web.paging import read_page
from practice.web.reading import note_read


@bp.get("/calls")
@requires(Permission.DESK)
def calls() -> ResponseReturnValue:
    """List who waits for a call, or who was called."""
    is_answered, number, undo = "answered" in request.args, read_page(request.args), request.args.get("undo", "")
    found = calls_listed(db.session(), is_answered=is_answered, page=number, per_page=PER_PAGE)
    if found:
        note_read("calls.listed", ("", ""), calls=[call.public_id for call in found[:PER_PAGE]])
    if undo and not was_answered(db.session(), undo):
        undo = ""
    page = calls_page(found, number, is_answered=is_answered, undo=undo)
    return render_template("desk/calls.html", page=page)


@bp.post("/calls/<public_id>/answered")
@requires(Permission.DESK)
def call_answered(public_id: str) -> ResponseReturnValue:
    """Note that somebody was called; the list then offers to take it back."""
    in_unit_of_work(lambda session: note_answered(session, public_id, is_answered=True, by=g.identity, now=g.now))
    return redirect(url_for(".calls", undo=public_id), 303)


@bp.post("/calls/<public_id>/waiting")
@requires(Permission.DESK)
def call_waiting(public_id: str) -> ResponseReturnValue:
    """Take back that somebody was called."""
    in_unit_of_work(lambda session: note_answered(session, public_id, is_answered=False, by=g.identity, now=g.now))
    flash("Taken back: still to call.")
    return redirect(url_for(".calls"), 303)
