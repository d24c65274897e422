"""Moving a session: another time with the same therapist, checked before it counts. The old time stays until then."""

from typing import cast

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, NotOffered, SlotTaken
from practice.domain.intervals import instant
from practice.domain.lifecycle import OPEN
from practice.domain.permissions import Permission
from practice.domain.rule_book import Modality
from practice.models import Attendance
from practice.queries.elsewhere import spans_elsewhere
from practice.queries.moving import times_to_move
from practice.queries.slots import Times
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.web.access import requires
from practice.web.calendar_days import read_day
from practice.web.client.blueprint import bp
from practice.web.client.home import own_to_change, view_of
from practice.web.client.moving_shown import check_page, move_page, no_times, place_at, zone_for
from practice.web.client.presenting import local_date
from practice.web.fitting import asking_to_move, known_of
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.times_shown import MEETINGS


class MoveForm(BaseForm):
    """The chosen time, an epoch minute as the page offered it, and how to meet."""

    start = HiddenField("Time", [InputRequired("Choose a time.")])
    meet = HiddenField()

    def minute(self) -> int | None:
        """Return the chosen start, or None where what was sent is no time."""
        text = self.start.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


@bp.get("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move(public_id: str) -> ResponseReturnValue:
    """Offer other times with the same therapist."""
    attendance = _movable(public_id)
    return _offer(attendance, MoveForm(), _meet(attendance, request.args.get("meet")))


@bp.get("/sessions/<public_id>/move/check")
@requires(Permission.OWN_APPOINTMENTS)
def move_check(public_id: str) -> ResponseReturnValue:
    """Show from when to when it would move, and what cancelling would mean then."""
    attendance, form = _movable(public_id), MoveForm(request.args)
    meet, minute = _meet(attendance, form.meet.data), form.minute()
    times = _times(attendance)
    if times is None or minute is None or place_at(times, minute, meet, attendance.appointment) is None:
        form.form_errors = [SlotTaken.message]
        return _offer(attendance, form, meet, near=minute), SlotTaken.status
    page = check_page(attendance, times, minute, meet, the_facts(), g.now)
    return render_template("client/move_check.html", view=view_of(attendance), page=page)


@bp.post("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move_now(public_id: str) -> ResponseReturnValue:
    """Take the new time, and give up the old one only if it is won."""
    attendance, form = _movable(public_id), MoveForm(request.form)
    meet = _meet(attendance, form.meet.data)
    minute = form.minute() if form.validate() else None
    if minute is None:
        form.form_errors = form.form_errors or ["Choose one of the times."]
        return _offer(attendance, form, meet), 422
    if not _is_there(attendance, minute, meet):  # otherwise the button was pressed twice
        try:
            _take(attendance, minute, meet)
        except (SlotTaken, NotOffered) as error:
            form.form_errors = [error.message]
            return _offer(attendance, form, meet, near=minute), error.status
        flash(f"{view_of(attendance).whose} has moved. If the old time is in your calendar, take it out there.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


def _movable(public_id: str) -> Attendance:
    """Return a place whose session can move: whoever gave their place up does not move those who go on."""
    attendance = own_to_change(public_id)
    if not view_of(attendance).is_movable:
        raise ImpossibleStep
    return attendance


def _meet(attendance: Attendance, asked: str | None) -> Modality:
    return MEETINGS.get(asked or "", cast("Modality", attendance.appointment.modality))


def _is_there(attendance: Attendance, minute: int, meet: Modality) -> bool:
    appointment = attendance.appointment
    return appointment.starts_at == instant(minute) and appointment.modality == meet


def _take(attendance: Attendance, minute: int, meet: Modality) -> None:
    appointment, times = attendance.appointment, _times(attendance)
    if times is None:
        raise NotOffered
    place = place_at(times, minute, meet, appointment)
    location_id = place.location_id if place else None
    known = known_of(_coming(attendance))
    wish = Wish(
        appointment.service_id,
        appointment.lead.id,
        instant(minute),
        meet,
        location_id,
        needs=known.needs,
        region=known.region,
    )
    in_unit_of_work(
        lambda session: move_appointment(session, times.rules, appointment.public_id, wish, by=g.identity, now=g.now)
    )


def _times(attendance: Attendance) -> Times | None:
    """Return the open times, or None where this session is not one that clients book any more."""
    asking = asking_to_move(attendance.appointment, _coming(attendance))
    try:
        return times_to_move(db.session(), attendance.appointment, viewer="clients", now=g.now, asking=asking)
    except NotFound:
        return None


def _coming(attendance: Attendance) -> list[int]:
    """Return who comes to the session, the one whose place it is first."""
    others = (each.client_id for each in attendance.appointment.attendances if each.status in OPEN)
    return list(dict.fromkeys((attendance.client_id, *others)))


def _offer(attendance: Attendance, form: MoveForm, meet: Modality, *, near: int | None = None) -> str:
    """Show a week of other times with the same therapist."""
    zone = zone_for(attendance, meet, the_facts().zone)
    since = local_date(instant(near), zone) if near is not None else None
    if since is None and request.args.get("from"):
        since = read_day(request.args["from"])
    elsewhere = spans_elsewhere(db.session(), [attendance.client_id], g.now, besides=attendance.appointment_id)
    times, facts = _times(attendance), the_facts()
    page = move_page(attendance, times, meet, since, facts, elsewhere) if times else no_times(facts)
    return render_template("client/move.html", view=view_of(attendance), form=form, page=page)
