"""What is put to a therapist to decide."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Therapist
from practice.queries.decisions import Asked, decision_by_public_id, decisions_listed
from practice.queries.hours import therapist_by_id
from practice.services.deciding import decide
from practice.web.access import requires
from practice.web.decisions_shown import AnswerForm, decision_page, decision_row, said_of
from practice.web.frame import the_facts
from practice.web.paging import page_links, read_page
from practice.web.presenting import habit_of
from practice.web.reading import note_read
from practice.web.sessions_shown import View
from practice.web.therapist.blueprint import bp

PER_PAGE = 20


@bp.get("/decisions")
@requires(Permission.OWN_CALENDAR)
def decisions() -> ResponseReturnValue:
    """List what waits for the therapist's answer."""
    mine, number = _me(), read_page(request.args)
    found = decisions_listed(db.session(), therapist_id=mine.id, page=number, per_page=PER_PAGE)
    note_read("decisions.listed", ("", ""), decisions=[each.decision.public_id for each in found[:PER_PAGE]])
    rows = [decision_row(each, _view(mine), "therapist.decision") for each in found[:PER_PAGE]]
    links = page_links("therapist.decisions", number, len(rows), PER_PAGE, has_more=len(found) > PER_PAGE)
    return render_template("decisions/list.html", rows=rows, links=links, names_therapist=False)


@bp.get("/decisions/<public_id>")
@requires(Permission.OWN_CALENDAR)
def decision(public_id: str) -> ResponseReturnValue:
    """Show one question with its answers, or how it was answered."""
    mine = _me()
    page = decision_page(
        _found(public_id, mine.id), _view(mine), list_href=url_for("therapist.decisions"), names_therapist=False
    )
    return render_template("decisions/one.html", page=page)


@bp.post("/decisions/<public_id>")
@requires(Permission.OWN_CALENDAR)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer a question."""
    form, mine = AnswerForm(request.form), _me()
    if not form.validate():
        raise ValidationFailed
    asked, given, choice = _found(public_id, mine.id), str(form.answer.data), str(form.choice.data or "")
    said = said_of(asked.decision.kind, asked, _view(mine), given)
    in_unit_of_work(lambda session: decide(session, public_id, given, choice=choice, by=g.identity, now=g.now))
    flash(said)
    return redirect(url_for("therapist.decisions"), 303)


def _found(public_id: str, therapist_id: int) -> Asked:
    asked = decision_by_public_id(db.session(), public_id, therapist_id=therapist_id)
    if asked is None:
        raise NotFound
    note_read("decision.read", ("decision", public_id))
    return asked


def _me() -> Therapist:
    mine = g.identity.therapist_id
    found = None if mine is None else therapist_by_id(db.session(), mine)
    if found is None:
        raise NotFound("This account has no calendar of its own.")
    return found


def _view(therapist: Therapist) -> View:
    habit = habit_of(the_facts().locale)
    return View(therapist.zone, habit, g.now, lambda found: url_for("therapist.appointment", public_id=found))
