"""What waits for a therapist's answer, for the desk: all of it, and the desk may answer too."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.decisions import Asked, decision_by_public_id, decisions_listed
from practice.services.deciding import decide
from practice.web.access import requires
from practice.web.decisions_shown import AnswerForm, decision_page, decision_row, said_of
from practice.web.desk.appointment_shown import desk_view
from practice.web.desk.blueprint import bp
from practice.web.desk.clients_shown import PER_PAGE
from practice.web.frame import the_facts
from practice.web.paging import page_links, read_page
from practice.web.reading import note_read


@bp.get("/decisions")
@requires(Permission.DESK)
def decisions() -> ResponseReturnValue:
    """List what waits for the therapists' answers."""
    number = read_page(request.args)
    found = decisions_listed(db.session(), therapist_id=None, page=number, per_page=PER_PAGE)
    note_read("decisions.listed", ("", ""), decisions=[each.decision.public_id for each in found[:PER_PAGE]])
    rows = [decision_row(each, desk_view(the_facts()), "desk.decision") for each in found[:PER_PAGE]]
    links = page_links("desk.decisions", number, len(rows), PER_PAGE, has_more=len(found) > PER_PAGE)
    return render_template("decisions/list.html", rows=rows, links=links, names_therapist=True)


@bp.get("/decisions/<public_id>")
@requires(Permission.DESK)
def decision(public_id: str) -> ResponseReturnValue:
    """Show one question with its answers, or how it was answered."""
    view, back = desk_view(the_facts()), url_for("desk.decisions")
    page = decision_page(_found(public_id), view, list_href=back, names_therapist=True)
    return render_template("decisions/one.html", page=page)


@bp.post("/decisions/<public_id>")
@requires(Permission.DESK)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer a question in a therapist's place."""
    form = AnswerForm(request.form)
    if not form.validate():
        raise ValidationFailed
    asked, given, choice = _found(public_id), str(form.answer.data), str(form.choice.data or "")
    said = said_of(asked.decision.kind, asked, desk_view(the_facts()), given)
    in_unit_of_work(lambda session: decide(session, public_id, given, choice=choice, by=g.identity, now=g.now))
    flash(said)
    return redirect(url_for("desk.decisions"), 303)


def _found(public_id: str) -> Asked:
    asked = decision_by_public_id(db.session(), public_id, therapist_id=None)
    if asked is None:
        raise NotFound
    note_read("decision.read", ("decision", public_id))
    return asked
