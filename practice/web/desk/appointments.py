"""One session, as the desk sees it, and cancelling it."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Appointment, AppointmentStatus
from practice.queries.appointments import attendance_by_public_id
from practice.queries.history import history_of
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.web.access import requires
from practice.web.desk.appointment_shown import appointment_page, cancel_hints, desk_view
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import BackForm, CancelForm
from practice.web.desk.history_shown import history_shown
from practice.web.desk.named import the_appointment
from practice.web.flashes import flash_with_undo
from practice.web.frame import the_facts
from practice.web.series.shown import series_part
from practice.web.series.side import Side
from practice.web.shell import Link


@bp.get("/appointments/<public_id>")
@requires(Permission.DESK)
def appointment(public_id: str) -> ResponseReturnValue:
    """Show one session with everybody in it."""
    found = the_appointment(public_id)
    acts = history_of(db.session(), public_id, [each.public_id for each in found.attendances])
    history = history_shown(acts, found, desk_view(the_facts()))
    part = series_part(Side("desk"), found, one=_ways_alone(public_id))
    return render_template("desk/appointment.html", page=appointment_page(found), history=history, part=part)


def _ways_alone(public_id: str) -> tuple[Link, Link]:
    """Return where one session of a series is moved and cancelled by itself."""
    words = "This one alone"
    to_move, to_cancel = (url_for(f"desk.{page}", public_id=public_id) for page in ("move", "cancel"))
    return Link(words, to_move), Link(words, to_cancel)


@bp.get("/appointments/<public_id>/menu")
@requires(Permission.DESK)
def menu(public_id: str) -> ResponseReturnValue:
    """Show all that can be done with a session, and nothing else: the board opens it beside the session."""
    page, form = appointment_page(the_appointment(public_id)), BackForm(request.args)
    back = form.where(page.day_href) if form.validate() else page.day_href
    return render_template("desk/menu.html", page=page, back=back)


@bp.get("/appointments/<public_id>/cancel")
@requires(Permission.DESK)
def cancel(public_id: str) -> ResponseReturnValue:
    """Ask who cancels, and say what that means."""
    return _cancel_page(_open(public_id), CancelForm())


@bp.post("/appointments/<public_id>/cancel")
@requires(Permission.DESK)
def cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel a session for everybody in it."""
    form = CancelForm(request.form)
    if not form.validate():
        return _cancel_page(_open(public_id), form), 422
    by_practice = form.who.data == "practice"
    in_unit_of_work(
        lambda session: cancel_appointment(session, public_id, by=g.identity, now=g.now, by_practice=by_practice)
    )
    here = url_for("desk.appointment", public_id=public_id)
    said = "This session is cancelled. There is nothing more to do."
    flash_with_undo(said, url_for("desk.undo_cancel", public_id=public_id), back=here)
    return redirect(here, 303)


@bp.get("/attendances/<public_id>/cancel")
@requires(Permission.DESK)
def cancel_place(public_id: str) -> ResponseReturnValue:
    """Ask who cancels one client's place among several."""
    return _cancel_page(_open(_of_attendance(public_id)), CancelForm(), attendance=public_id)


@bp.post("/attendances/<public_id>/cancel")
@requires(Permission.DESK)
def cancel_place_now(public_id: str) -> ResponseReturnValue:
    """Cancel one client's place; the others go on."""
    of, form = _of_attendance(public_id), CancelForm(request.form)
    if not form.validate():
        return _cancel_page(_open(of), form, attendance=public_id), 422
    by_practice = form.who.data == "practice"
    in_unit_of_work(
        lambda session: cancel_attendance(session, public_id, by=g.identity, now=g.now, by_practice=by_practice)
    )
    here, undo = url_for("desk.appointment", public_id=of), url_for("desk.undo", public_id=public_id)
    said = "This place is cancelled. There is nothing more to do."
    flash_with_undo(said, undo, status="cancelled", back=here)
    return redirect(here, 303)


def _open(public_id: str) -> Appointment:
    found = the_appointment(public_id)
    if found.status != AppointmentStatus.BOOKED:
        raise NotFound("This session is cancelled already.")
    return found


def _of_attendance(public_id: str) -> str:
    found = attendance_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    return found.appointment.public_id


def _cancel_page(found: Appointment, form: CancelForm, attendance: str = "") -> str:
    page = appointment_page(found, attendance=attendance)
    return render_template("desk/cancel.html", page=page, form=form, hints=cancel_hints(found, attendance))
