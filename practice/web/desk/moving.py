"""Moving a session: another time, therapist, room or way to meet. The old time goes only if the new one is won."""

from dataclasses import replace

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, NotOffered, SlotTaken, ValidationFailed
from practice.domain.intervals import MINUTE
from practice.domain.lifecycle import OPEN
from practice.domain.needs import as_it_was, fitted
from practice.domain.permissions import Permission
from practice.domain.rule_book import RuleBook, Service
from practice.models import Appointment
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.services.finding import Override
from practice.services.moving import AS_BEFORE, move_appointment, put_back
from practice.web.access import requires
from practice.web.desk.appointment_shown import appointment_page, href_of_appointment
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import MoveForm, MoveUndoForm, MoveWayForm
from practice.web.desk.marking import CHANGED
from practice.web.desk.move_shown import (
    Moving,
    at_of,
    check_of,
    every_way,
    move_form,
    move_page,
    proposed,
    way_now,
    wish_for,
)
from practice.web.fitting import asking_to_move
from practice.web.flashes import flash_with_undo
from practice.web.reading import note_read


@bp.get("/appointments/<public_id>/move")
@requires(Permission.DESK)
def move(public_id: str) -> ResponseReturnValue:
    """Ask where to: any therapist, day, time and room, or one of the open times."""
    moving = _moving(public_id)
    return render_template("desk/move.html", page=move_page(moving, move_form(moving)))


@bp.get("/appointments/<public_id>/move/to")
@requires(Permission.DESK)
def move_to(public_id: str) -> ResponseReturnValue:
    """Read what was chosen, and lead to where it is checked."""
    moving = _moving(public_id)
    form = move_form(moving, MoveForm(request.args))
    if not form.validate() or form.on.data is None:
        return render_template("desk/move.html", page=move_page(moving, form), form=form), 422
    at = at_of(moving, str(form.therapist.data), form.on.data, int(form.time.data))
    return redirect(url_for("desk.move_check", public_id=public_id, at=at, way=form.place.data))


@bp.get("/appointments/<public_id>/move/check")
@requires(Permission.DESK)
def move_check(public_id: str) -> ResponseReturnValue:
    """Show the exact change, or why it is not possible and what is."""
    moving = _moving(public_id)
    sent = {name: request.args.get(name, "") for name in ("at", "way", "back")}
    form = MoveWayForm(data=sent)
    proposal = proposed(moving, sent["at"])
    page = check_of(moving, proposal, form)
    return render_template("desk/move_check.html", page=page, form=form), 409 if form.form_errors else 200


@bp.post("/appointments/<public_id>/move/check")
@requires(Permission.DESK)
def move_now(public_id: str) -> ResponseReturnValue:
    """Move it, and offer to take that back."""
    moving, form = _moving(public_id), MoveWayForm(request.form)
    form.way.choices = every_way(moving.rules)
    is_valid = form.validate()
    proposal = proposed(moving, str(form.at.data or ""))
    if not is_valid:
        return render_template("desk/move_check.html", page=check_of(moving, proposal, form), form=form), 422
    try:
        _move(moving, form, form.override())
    except (SlotTaken, NotOffered) as error:
        form.form_errors = [error.message]
        page = check_of(moving, proposal, form, is_lost=True)
        return render_template("desk/move_check.html", page=page, form=form), error.status
    back = form.where(href_of_appointment(public_id))
    fields = {"at": moving.at, "way": way_now(moving.found), "moved_at": g.now.isoformat(), "back": back}
    fields |= {"was_note": moving.found.override_reason} if moving.found.override_reason else {}
    flash_with_undo("The session has moved.", url_for("desk.undo_move", public_id=public_id), **fields)
    return redirect(back, 303)


@bp.post("/appointments/<public_id>/move/undo")
@requires(Permission.DESK)
def undo_move(public_id: str) -> ResponseReturnValue:
    """Move it back to where it was, unless something has happened since."""
    form = MoveUndoForm(request.form)
    moving = _moving(public_id, goes_back=True)
    form.way.choices = every_way(moving.rules)
    moved_at = form.moment() if form.validate() else None
    if moved_at is None:
        raise ValidationFailed
    try:
        note = str(form.was_note.data or AS_BEFORE)
        in_unit_of_work(lambda s: put_back(s, moving.rules, public_id, moved_at, note, by=g.identity, now=g.now))
    except ImpossibleStep:
        flash(CHANGED, "problem")
    except (SlotTaken, NotOffered) as error:
        form.form_errors = [error.message]
        page = check_of(moving, proposed(moving, str(form.at.data)), form, is_lost=True)
        return render_template("desk/move_check.html", page=page, form=form), error.status
    else:
        flash("Taken back. The session is where it was.")
    return redirect(form.where(href_of_appointment(public_id)), 303)


def _moving(public_id: str, *, goes_back: bool = False) -> Moving:
    """Return the session as it can move: only to what fits those who come, unless it goes back to where it was."""
    found, rules, service = _movable(public_id)
    minutes = (found.ends_at - found.starts_at) // MINUTE
    kept = as_it_was(rules, service, minutes, lead=found.lead.id, price_cents=found.price_cents)
    if goes_back or service.kind == "group":
        return Moving(found, rules, kept)
    asking = asking_to_move(found, [place.client_id for place in found.attendances if place.status in OPEN])
    needs = replace(asking.needs, extra_minutes=kept.extra_minutes)
    asking = asking._replace(duration_minutes=kept.length_minutes, needs=needs)
    return Moving(found, rules, fitted(service, kept.length_minutes, needs), asking)


def _movable(public_id: str) -> tuple[Appointment, RuleBook, Service]:
    found = appointment_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    rules = current_rules(db.session())
    service = rules.service_by_id.get(found.service_id)
    note_read("appointment.read", ("appointment", public_id))
    if service is None or not appointment_page(found).can_move:
        raise ImpossibleStep
    return found, rules, service


def _move(moving: Moving, form: MoveWayForm, override: Override | None) -> None:
    rules, public_id = moving.rules, moving.found.public_id
    wish = wish_for(moving, proposed(moving, str(form.at.data)), str(form.way.data), override)
    in_unit_of_work(lambda session: move_appointment(session, rules, public_id, wish, by=g.identity, now=g.now))
