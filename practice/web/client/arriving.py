"""On the day: "I'm here", and "Running late? Tell us and come in."."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from practice.db import in_unit_of_work
from practice.domain.arriving import LATE_BY
from practice.domain.errors import ImpossibleStep
from practice.domain.permissions import Permission
from practice.services.arriving import say_here, say_late, take_back_here
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import own_to_change, view_of
from practice.web.client.presenting import SessionView
from practice.web.forms.base import BaseForm
from practice.web.presenting import humanize_minutes

LATE = {str(minutes): humanize_minutes(minutes) for minutes in LATE_BY}
ON_TIME = {"0": "On time after all"}


class LateForm(BaseForm):
    """How late somebody will be."""

    minutes = RadioField(
        "About how late will you be?",
        [InputRequired("Choose how late you will be.")],
        choices=LATE,
        description="Your time stays yours. Tell us and come in.",
    )


@bp.post("/sessions/<public_id>/here")
@requires(Permission.OWN_APPOINTMENTS)
def here(public_id: str) -> ResponseReturnValue:
    """Note that they are here."""
    own_to_change(public_id)
    in_unit_of_work(lambda session: say_here(session, public_id, by=g.identity, now=g.now))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/sessions/<public_id>/here/undo")
@requires(Permission.OWN_APPOINTMENTS)
def here_undo(public_id: str) -> ResponseReturnValue:
    """Take it back."""
    own_to_change(public_id)
    in_unit_of_work(lambda session: take_back_here(session, public_id, by=g.identity, now=g.now))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/sessions/<public_id>/late")
@requires(Permission.OWN_APPOINTMENTS)
def late(public_id: str) -> ResponseReturnValue:
    """Ask how late they will be."""
    view = _view(public_id)
    return render_template("client/late.html", view=view, form=_form(view))


@bp.post("/sessions/<public_id>/late")
@requires(Permission.OWN_APPOINTMENTS)
def late_now(public_id: str) -> ResponseReturnValue:
    """Note it."""
    view = _view(public_id)
    form = _form(view)
    if not form.validate():
        return render_template("client/late.html", view=view, form=form), 422
    minutes = int(form.minutes.data)
    in_unit_of_work(lambda session: say_late(session, public_id, minutes, by=g.identity, now=g.now))
    flash("Thank you for telling us. Come in when you are here." if minutes else "Thank you. See you soon.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


def _view(public_id: str) -> SessionView:
    view = view_of(own_to_change(public_id))
    if not view.on_the_day.can_say_late:
        raise ImpossibleStep
    return view


def _form(view: SessionView) -> LateForm:
    form = LateForm(request.form if request.method == "POST" else None)
    if view.on_the_day.late_words:
        form.minutes.choices = ON_TIME | LATE
    return form
