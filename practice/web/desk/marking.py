"""Noting the day: arrived, completed, did not come, and back again."""

from typing import Final

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.services.attending import mark_attendance
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import MarkForm

SAID: Final = {
    "booked": "Taken back.",
    "arrived": "Noted: arrived.",
    "completed": "Noted: completed.",
    "no_show": "Noted: did not come.",
}


@bp.post("/attendances/<public_id>/status")
@requires(Permission.DESK)
def mark(public_id: str) -> ResponseReturnValue:
    """Note how one client's place stands, and go back to where the desk was."""
    form = MarkForm(request.form)
    if not form.validate():
        raise ValidationFailed
    status = str(form.status.data)
    before = in_unit_of_work(lambda session: mark_attendance(session, public_id, status, by=g.identity, now=g.now))
    is_undone = before in ("completed", "no_show") and status in ("booked", "arrived")
    flash("Taken back." if is_undone else SAID[status])
    return redirect(form.where(url_for("desk.day")), 303)
