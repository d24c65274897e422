"""The time that this browser keeps: found again on each step, kept longer, or given back."""

from dataclasses import replace
from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import HoldEnded, NotFound
from practice.domain.intervals import instant
from practice.domain.permissions import Permission
from practice.queries.held import HeldTime, became_booking, held_time
from practice.services.checkout import keep_longer, let_go
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, booked_from, draft_of, forget_all, holder_hash, note_booked
from practice.web.booking.forms import FOR_WHOM
from practice.web.booking.lost import about_to_take
from practice.web.booking.path import Chosen
from practice.web.booking.shown import Kept, kept_of
from practice.web.frame import the_facts
from practice.web.times_shown import MEETINGS


class BookedAlready(Exception):
    """The time that a step is about was booked: in this browser, or by the link in another."""

    def __init__(self, hold_id: str, appointment_id: str) -> None:
        self.hold_id, self.appointment_id = hold_id, appointment_id
        super().__init__(appointment_id)


@bp.errorhandler(BookedAlready)
def show_booking(error: BookedAlready) -> ResponseReturnValue:
    """Lead whoever sends a step twice, or goes back to one, to what they booked."""
    note_booked(error.hold_id, error.appointment_id)
    return redirect(url_for("booking.booked", public_id=error.appointment_id), 303)


def the_held(hold_id: str) -> tuple[HeldTime, Draft]:
    """Return the held time and what was typed for it.

    Raises NotFound where it never was ours, BookedAlready where it was booked, HoldEnded where it went back.
    """
    if booked := booked_from(hold_id):
        raise BookedAlready(hold_id, booked)
    draft = draft_of(hold_id)
    if draft.who not in FOR_WHOM and not g.identity.books_for:
        raise NotFound  # it was held for somebody whom this account does not act for any more
    about_to_take(draft.service, draft.therapist, instant(draft.start), chosen_again(draft))
    held = held_time(db.session(), hold_id, holder_hash())
    if held is None and became_booking(db.session(), draft.appointment, g.identity.books_for):
        raise BookedAlready(hold_id, draft.appointment)
    if held is None:
        raise HoldEnded
    return held, draft


def chosen_again(draft: Draft) -> Chosen:
    """Return what was chosen, with the time open."""
    return replace(same_time(draft), therapist=draft.therapist, at="")


def same_time(draft: Draft) -> Chosen:
    """Return what was chosen, with the time that was kept as the one to begin with; a course is chosen again."""
    if draft.course:
        return Chosen(draft.who, "anyone", MEETINGS.get(draft.meet))
    at = f"{draft.start}.{draft.therapist}"
    return Chosen(draft.who, "", MEETINGS.get(draft.meet), at, draft.length or None, draft.region)


def kept(held: HeldTime) -> Kept:
    """Return what the steps say of the held time."""
    return kept_of(held, the_facts(), g.now)


@bp.post("/held/<hold_id>/longer")
@requires(Permission.PUBLIC)
def longer(hold_id: str) -> ResponseReturnValue:
    """Keep the time longer, once."""
    held, _ = the_held(hold_id)
    until = max(held.held_until, g.now) + timedelta(minutes=the_facts().hold_minutes)
    if in_unit_of_work(lambda session: keep_longer(session, held.id, until)):
        flash("We keep your time longer. Take the time you need.")
    step = request.form.get("step", "")
    return redirect(url_for(STEPS.get(step, "booking.check"), hold_id=hold_id), 303)


ANEW = ("session", "with", "length", "where")  # what can be asked again beside the time
STEPS = {
    "agreement": "booking.agreement",
    "partner": "booking.partner_name",
    "details": "booking.details",
    "contact": "booking.contact",
    "call": "booking.call",
}


@bp.get("/held/<hold_id>/again")
@requires(Permission.PUBLIC)
def again(hold_id: str) -> ResponseReturnValue:
    """Say what choosing again means."""
    held, _ = the_held(hold_id)
    what = request.args.get("what", "")
    return render_template("booking/again.html", kept=kept(held), hold_id=hold_id, what=what if what in ANEW else "")


@bp.post("/held/<hold_id>/again")
@requires(Permission.PUBLIC)
def choose_again(hold_id: str) -> ResponseReturnValue:
    """Give the time back, and ask again; where another time is wanted, it is still free, and offered first."""
    held, draft = the_held(hold_id)
    in_unit_of_work(lambda session: let_go(session, held.id, now=g.now))
    return redirect(_anew(draft, request.form.get("what", "")), 303)


def _anew(draft: Draft, what: str) -> str:
    """Return where something is chosen again; what stays is carried along."""
    chosen = same_time(draft)
    if what == "session":
        return url_for("booking.start")
    if what == "with":
        return replace(chosen, at="").address("booking.with_whom", draft.service)
    if what == "length":
        return replace(chosen_again(draft), length=None).address("booking.length", draft.service)
    if what == "where":
        return replace(chosen_again(draft), region="").address("booking.where", draft.service)
    return chosen.address("booking.time", draft.service)


@bp.post("/held/<hold_id>/forget")
@requires(Permission.PUBLIC)
def forget_me(hold_id: str) -> ResponseReturnValue:
    """Give the time back, and leave nothing of what was typed in this browser."""
    draft_of(hold_id)
    held = held_time(db.session(), hold_id, holder_hash())
    if held is not None:
        in_unit_of_work(lambda session: let_go(session, held.id, now=g.now))
    forget_all()
    flash("We have forgotten what you typed.")
    return redirect(url_for("public.home"), 303)
