"""One session of a therapist, and what they note of it."""

from typing import Final
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Appointment, ServiceKind
from practice.queries.appointments import appointment_by_public_id, attendance_by_public_id
from practice.queries.diary import is_led_by, meetings_with
from practice.queries.series import series_by_id
from practice.services.attending import mark_attendance
from practice.web.access import requires
from practice.web.forms.base import BaseForm
from practice.web.reading import note_read
from practice.web.series.shown import series_part
from practice.web.series.side import Side
from practice.web.shell import Link
from practice.web.therapist.appointment_shown import session_page
from practice.web.therapist.blueprint import bp
from practice.web.therapist.own import me, view_of

SAID: Final = {
    "booked": "Taken back.",
    "arrived": "Noted: arrived.",
    "completed": "Noted: completed.",
    "no_show": "Noted: did not come.",
}
TO_DAY: Final = "day"


class MarkForm(BaseForm):
    """What is noted of a place, and where from: the session's page, or with "day" its day."""

    status = RadioField("Status", [InputRequired("Choose what to note.")], choices=SAID)
    back = HiddenField("Back", [Optional()])


@bp.get("/appointments/<public_id>")
@requires(Permission.OWN_CALENDAR)
def appointment(public_id: str) -> ResponseReturnValue:
    """Show one of the therapist's own sessions."""
    therapist = me()
    found = appointment_by_public_id(db.session(), public_id)
    if found is None or therapist.id not in {row.therapist_id for row in found.therapists}:
        raise NotFound
    together = None
    if found.service.kind != ServiceKind.GROUP and found.attendances:
        clients = [each.client_id for each in found.attendances]
        together = meetings_with(db.session(), therapist.id, clients, found)
    note_read("appointment.read", ("appointment", public_id))
    page = session_page(found, view_of(therapist), together)
    side = Side("therapist", therapist.id)
    part = series_part(side, found, one=_ways_alone(side, found))
    return render_template("therapist/appointment.html", page=page, part=part)


def _ways_alone(side: Side, found: Appointment) -> tuple[Link, ...]:
    """Return where one session of a series is moved and cancelled by itself."""
    series = series_by_id(db.session(), found.series_id)
    if series is None:
        return ()
    pages = (
        side.url(page, series.public_id, since=found.public_id, only="1") for page in ("series_move", "series_cancel")
    )
    return tuple(Link("This one alone", page) for page in pages)


@bp.post("/attendances/<public_id>/status")
@requires(Permission.OWN_CALENDAR)
def mark(public_id: str) -> ResponseReturnValue:
    """Note how a client's place in one of the therapist's own sessions stands."""
    form = MarkForm(request.form)
    if not form.validate():
        raise ValidationFailed
    status, mine = str(form.status.data), me()
    therapist_id, zone = mine.id, mine.zone

    def act(session: Session) -> str:
        if not is_led_by(session, public_id, therapist_id):
            raise NotFound
        return mark_attendance(session, public_id, status, by=g.identity, now=g.now)

    before = in_unit_of_work(act)
    is_undone = before in ("completed", "no_show") and status in ("booked", "arrived")
    flash("Taken back." if is_undone else SAID[status])
    found = attendance_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    return redirect(_back(found.appointment, zone, str(form.back.data or "")), 303)


def _back(appointment: Appointment, zone: str, to: str) -> str:
    if to == TO_DAY:
        on = appointment.starts_at.astimezone(ZoneInfo(zone)).date()
        return url_for("therapist.one_day", on=on.isoformat())
    return url_for("therapist.appointment", public_id=appointment.public_id)
