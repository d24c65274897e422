"""Swapping two sessions of a day: with which, what, the exact change, and taking it back."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotOffered, SlotTaken, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Appointment
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.services.idempotency import Answered, first_answer, keep_answer, repeatable
from practice.services.swapping import Swap, What, swap_appointments
from practice.web.access import requires
from practice.web.desk.acts import is_movable
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.desk.blueprint import bp
from practice.web.desk.marking import CHANGED
from practice.web.desk.named import the_appointment
from practice.web.desk.swap_form import SwapForm, SwapNowForm, SwapUndoForm
from practice.web.desk.swap_shown import features_of, swap_check_page, swap_page
from practice.web.flashes import flash_with_undo

SEEN_CHANGED = "One of the two has changed in the meantime. This is how they stand now."


@bp.get("/appointments/<public_id>/swap")
@requires(Permission.DESK)
def swap(public_id: str) -> ResponseReturnValue:
    """Ask with which session of the day, and what they swap."""
    found, form = _movable(public_id), SwapForm()
    return render_template("desk/swap.html", page=swap_page(found, form), form=form, public_id=public_id)


@bp.get("/appointments/<public_id>/swap/check")
@requires(Permission.DESK)
def swap_check(public_id: str) -> ResponseReturnValue:
    """Show what each would become, or what stands in the way; nothing is swapped yet."""
    found, form = _movable(public_id), SwapForm(request.args)
    page = swap_page(found, form)
    listed = form.other.choices
    other = appointment_by_public_id(db.session(), str(form.other.data or ""))
    if other is not None:  # one that has ended, or the same one, is told so kindly
        form.other.choices = [*(listed or ()), (other.public_id, "")]
    is_valid = form.validate()
    form.other.choices = listed
    if not is_valid or other is None:
        return render_template("desk/swap.html", page=page, form=form, public_id=public_id), 422
    now_form = SwapNowForm(data={"other": other.public_id, "what": form.what.data})
    try:
        return _check_page([found, other], now_form)
    except ValidationFailed as error:
        form.form_errors = [error.message]
        return render_template("desk/swap.html", page=page, form=form, public_id=public_id), error.status


@bp.post("/appointments/<public_id>/swap/check")
@requires(Permission.DESK)
def swap_now(public_id: str) -> ResponseReturnValue:
    """Swap them, once however often it is pressed, and offer to take that back."""
    form = SwapNowForm(request.form)
    seen = form.moments() if form.validate() else None
    if seen is None:
        raise ValidationFailed
    pair = [the_appointment(public_id), the_appointment(str(form.other.data))]
    swap = Swap(public_id, str(form.other.data), What(str(form.what.data)), features_of(pair), seen)
    try:
        swapped_at = _once(str(form.once.data), swap)
    except (SlotTaken, NotOffered, ImpossibleStep, ValidationFailed) as error:
        form.form_errors = [SEEN_CHANGED if isinstance(error, ImpossibleStep) else error.message]
        return _refused(public_id, form, error.status)
    here = href_of_appointment(public_id)
    fields = {"other": swap.other, "what": swap.what.value, "swapped_at": swapped_at}
    flash_with_undo("The two sessions are swapped.", url_for("desk.undo_swap", public_id=public_id), **fields)
    return redirect(here, 303)


@bp.post("/appointments/<public_id>/swap/undo")
@requires(Permission.DESK)
def undo_swap(public_id: str) -> ResponseReturnValue:
    """Swap them back, unless something has happened to either since."""
    form = SwapUndoForm(request.form)
    swapped_at = form.moment() if form.validate() else None
    if swapped_at is None:
        raise ValidationFailed
    swap = Swap(public_id, str(form.other.data), What(str(form.what.data)))
    try:
        _once(f"undo {swapped_at.isoformat()}", swap, takes_back=swapped_at)
    except (ImpossibleStep, ValidationFailed):
        flash(CHANGED, "problem")
    except (SlotTaken, NotOffered) as error:
        flash(error.message, "problem")
    else:
        flash("Taken back. Both sessions are as they were.")
    return redirect(href_of_appointment(public_id), 303)


def _movable(public_id: str) -> Appointment:
    found = the_appointment(public_id)
    if not is_movable(found, g.now):
        raise ImpossibleStep
    return found


def _once(key: str, swap: Swap, *, takes_back: datetime | None = None) -> str:
    """Swap them, or do nothing where the same button was pressed before; return when they were swapped."""
    rules, by = current_rules(db.session()), g.identity
    now: datetime = g.now
    asked = repeatable(key, "desk.swap", f"{swap.one}.{swap.other}.{swap.what}", by=by)

    def act(session: Session) -> str:
        before = first_answer(session, asked, now=now)
        if before is not None:
            return str(before.answer["at"])
        swap_appointments(session, rules, swap, by=by, now=now, takes_back=takes_back)
        keep_answer(session, asked, Answered(303, {"at": now.isoformat()}))
        return now.isoformat()

    return in_unit_of_work(act)


def _check_page(pair: list[Appointment], form: SwapNowForm) -> str:
    page = swap_check_page(current_rules(db.session()), pair, What(str(form.what.data)), form)
    return render_template("desk/swap_check.html", page=page, form=form, public_id=pair[0].public_id)


def _refused(public_id: str, form: SwapNowForm, status: int) -> ResponseReturnValue:
    """Show how the two stand now, with what stands in the way; where there is nothing to swap any more, say so."""
    found, other = the_appointment(public_id), the_appointment(str(form.other.data))
    try:
        return _check_page([found, other], form), status
    except ValidationFailed as error:
        flash(error.message, "problem")
        return redirect(href_of_appointment(public_id), 303)
