"""What is put to a therapist to decide."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.decisions import Asked, decision_by_public_id, decisions_listed
from practice.services.deciding import decide
from practice.web.access import requires
from practice.web.decisions_shown import AnswerForm, decision_page, decision_row, said_of
from practice.web.paging import page_links, read_page
from practice.web.reading import note_read
from practice.web.therapist.blueprint import bp
from practice.web.therapist.own import me, view_of

PER_PAGE = 20


@bp.get("/decisions")
@requires(Permission.OWN_CALENDAR)
def decisions() -> ResponseReturnValue:
    """List what waits for the therapist's answer."""
    mine, number = me(), read_page(request.args)
    found = decisions_listed(db.session(), therapist_id=mine.id, page=number, per_page=PER_PAGE)
    note_read("decisions.listed", ("", ""), decisions=[each.decision.public_id for each in found[:PER_PAGE]])
    rows = [decision_row(each, view_of(mine), "therapist.decision") for each in found[:PER_PAGE]]
    links = page_links("therapist.decisions", number, len(rows), PER_PAGE, has_more=len(found) > PER_PAGE)
    return render_template("decisions/list.html", rows=rows, links=links, names_therapist=False)


@bp.get("/decisions/<public_id>")
@requires(Permission.OWN_CALENDAR)
def decision(public_id: str) -> ResponseReturnValue:
    """Show one question with its answers, or how it was answered."""
    mine = me()
    page = decision_page(
        _found(public_id, mine.id), view_of(mine), list_href=url_for("therapist.decisions"), names_therapist=False
    )
    return render_template("decisions/one.html", page=page)


@bp.post("/decisions/<public_id>")
@requires(Permission.OWN_CALENDAR)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer a question."""
    form, mine = AnswerForm(request.form), me()
    if not form.validate():
        raise ValidationFailed
    asked, given, choice = _found(public_id, mine.id), str(form.answer.data), str(form.choice.data or "")
    said = said_of(asked.decision.kind, asked, view_of(mine), given)
    in_unit_of_work(lambda session: decide(session, public_id, given, choice=choice, by=g.identity, now=g.now))
    flash(said)
    return redirect(url_for("therapist.decisions"), 303)


def _found(public_id: str, therapist_id: int) -> Asked:
    asked = decision_by_public_id(db.session(), public_id, therapist_id=therapist_id)
    if asked is None:
        raise NotFound
    note_read("decision.read", ("decision", public_id))
    return asked
