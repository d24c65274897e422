"""Cancelling a session: as easy as booking one, the consequence said before, and a slip undone for a few minutes."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.errors import SlotTaken
from practice.domain.permissions import Permission
from practice.services.cancelling import cancel_attendance
from practice.services.undoing import undo_cancelled_place
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import own_to_change, view_of

GONE = "Somebody else has that time now. You can book another one."


@bp.get("/sessions/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling means, and offer it."""
    return render_template("client/cancel.html", view=view_of(own_to_change(public_id)))


@bp.post("/sessions/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel it."""
    view = view_of(own_to_change(public_id))
    if not (view.can_undo or view.is_taken_back):  # otherwise it is done already: the button was pressed twice
        in_unit_of_work(lambda session: cancel_attendance(session, public_id, by=g.identity, now=g.now))
        said = "The request is taken back." if view.waiting else f"{view.whose} is cancelled."
        flash(f"{said} There is nothing more to do.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/sessions/<public_id>/cancel/undo")
@requires(Permission.OWN_APPOINTMENTS)
def cancel_undo(public_id: str) -> ResponseReturnValue:
    """Take a cancellation back, for as long as nobody was told of it."""
    view = view_of(own_to_change(public_id))
    try:
        in_unit_of_work(lambda session: undo_cancelled_place(session, public_id, by=g.identity, now=g.now))
    except SlotTaken:
        flash(GONE, "problem")
    else:
        flash(f"{view.whose} is booked, as it was before.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)
