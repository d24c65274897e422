"""Noting the day in one press: arrived, completed, did not come, fee noted, cancelled; and taking that back."""

from typing import Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken, ValidationFailed
from practice.domain.lifecycle import GIVEN_UP
from practice.domain.permissions import Permission
from practice.models import Attendance
from practice.queries.appointments import appointment_by_public_id, attendance_by_public_id
from practice.services.attending import mark_attendance, note_fee
from practice.services.cancelling import cancel_attendance
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from practice.web.access import requires
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import ActForm, BackForm, MarkForm, UndoForm
from practice.web.desk.names import name_here
from practice.web.desk.undo_shown import lost_page
from practice.web.flashes import flash_with_undo
from practice.web.reading import note_read

SAID: Final = {
    "booked": "{} is booked, as before.",
    "arrived": "{} is marked as arrived.",
    "completed": "The session of {} is marked as completed.",
    "no_show": "It is noted that {} did not come.",
    "fee_noted": "The fee of {} is noted.",
    "fee_open": "The fee of {} is not noted any more.",
    "cancelled": "The session of {} is cancelled. There is nothing more to do.",
    "cancelled_by_practice": "The session of {} is cancelled by us. There is nothing more to do.",
}
CANCELS: Final = ("cancelled", "cancelled_by_practice")
CHANGED: Final = "This has changed in the meantime, so nothing was taken back. Here is how it stands now."


@bp.post("/attendances/<public_id>/status")
@requires(Permission.DESK)
def mark(public_id: str) -> ResponseReturnValue:
    """Note something of one client's place, and go back to where the desk was, with a way to undo it."""
    form = MarkForm(request.form)
    if not form.validate():
        raise ValidationFailed
    return _mark(public_id, str(form.status.data), form.where(url_for("desk.day")))


@bp.post("/acts")
@requires(Permission.DESK)
def act() -> ResponseReturnValue:
    """Do the same from the board, whose many buttons share one form: what to note and of whom is the button's value."""
    form = ActForm(request.form)
    if not form.validate():
        raise ValidationFailed
    status, _, public_id = str(form.do.data).partition(".")
    return _mark(public_id, status, form.where(url_for("desk.day")))


def _mark(public_id: str, status: str, back: str) -> ResponseReturnValue:
    place = _place(public_id)
    is_over = status in CANCELS and place.status in GIVEN_UP  # pressed twice: there is nothing left to cancel
    before = "" if is_over else in_unit_of_work(lambda session: _note(session, public_id, status))
    words = SAID[status].format(name_here(place.client))
    if before == status:
        flash(words)
    else:
        fields = {"status": status, "before": before, "back": back}
        flash_with_undo(words, url_for("desk.undo", public_id=public_id), **fields)
    return redirect(back, 303)


@bp.post("/attendances/<public_id>/undo")
@requires(Permission.DESK)
def undo(public_id: str) -> ResponseReturnValue:
    """Take back what was noted of one client's place, unless something else has happened since."""
    form = UndoForm(request.form)
    if not form.validate():
        raise ValidationFailed
    place, status, before = _place(public_id), str(form.status.data), str(form.before.data or "booked")
    try:
        in_unit_of_work(lambda session: _take_back(session, public_id, status, before))
    except SlotTaken as error:
        note_read("appointment.read", ("appointment", place.appointment.public_id))
        page = lost_page(place.appointment, error.message, public_id)
        return render_template("desk/undo_lost.html", page=page), error.status
    except ImpossibleStep as error:
        flash(CHANGED if error.message == ImpossibleStep.message else error.message, "problem")
    else:
        flash(f"Taken back. {_stands(_place(public_id))}")
    return redirect(form.where(url_for("desk.day")), 303)


@bp.post("/appointments/<public_id>/undo")
@requires(Permission.DESK)
def undo_cancel(public_id: str) -> ResponseReturnValue:
    """Take back that a whole session was cancelled."""
    form = BackForm(request.form)
    if not form.validate():
        raise ValidationFailed
    try:
        in_unit_of_work(lambda session: undo_cancelled_appointment(session, public_id, by=g.identity, now=g.now))
    except SlotTaken as error:
        found = appointment_by_public_id(db.session(), public_id)
        if found is None:
            raise NotFound from error
        note_read("appointment.read", ("appointment", public_id))
        return render_template("desk/undo_lost.html", page=lost_page(found, error.message)), error.status
    except ImpossibleStep as error:
        flash(error.message, "problem")
    else:
        flash("Taken back. The session is booked, as before.")
    return redirect(form.where(href_of_appointment(public_id)), 303)


def _place(public_id: str) -> Attendance:
    found = attendance_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    return found


def _stands(place: Attendance) -> str:
    return SAID[place.status].format(name_here(place.client))


def _note(session: Session, public_id: str, status: str) -> str:
    """Note it, and return what an undo has to know of how it was before: ``status`` itself where nothing changed."""
    if status in ("fee_noted", "fee_open"):
        is_new = note_fee(session, public_id, is_noted=status == "fee_noted", by=g.identity, now=g.now)
        return "" if is_new else status
    if status in CANCELS:
        by_practice = status == "cancelled_by_practice"
        cancel_attendance(session, public_id, by=g.identity, now=g.now, by_practice=by_practice)
        return ""
    return mark_attendance(session, public_id, status, by=g.identity, now=g.now)


def _take_back(session: Session, public_id: str, status: str, before: str) -> None:
    if status in ("fee_noted", "fee_open"):
        note_fee(session, public_id, is_noted=status == "fee_open", by=g.identity, now=g.now)
    elif status in CANCELS:
        undo_cancelled_place(session, public_id, by=g.identity, now=g.now)
    else:
        mark_attendance(session, public_id, before, by=g.identity, now=g.now, instead_of=status)
