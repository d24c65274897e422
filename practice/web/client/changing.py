"""Moving and cancelling a session: as easy as booking one, the consequence said before."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, NotOffered, SlotTaken
from practice.domain.intervals import instant
from practice.domain.permissions import Permission
from practice.domain.rule_book import Modality
from practice.models import Attendance
from practice.queries.slots import Times, times_of
from practice.services.cancelling import cancel_attendance
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import own_attendance
from practice.web.client.presenting import consequence, local_date, session_view, zone_of
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import iso_date
from practice.web.frame import the_facts
from practice.web.presenting import format_zone, habit_of
from practice.web.slot_days import Offer, slot_days

DAYS_A_PAGE = 7


class MoveForm(BaseForm):
    """The chosen time: an epoch minute, as the page offered it."""

    start = HiddenField("Time", [InputRequired("Choose a time.")])

    def starts_at(self) -> datetime | None:
        """Return the chosen start, or None where what was sent is no time."""
        text = self.start.data or ""
        return instant(int(text)) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


@bp.get("/sessions/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling means, and offer it."""
    attendance = own_attendance(public_id)
    facts = the_facts()
    view = session_view(attendance, facts, g.now)
    return render_template("client/cancel.html", view=view, consequence=consequence(attendance, facts, g.now))


@bp.post("/sessions/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel it."""
    own_attendance(public_id)
    in_unit_of_work(lambda session: cancel_attendance(session, public_id, by=g.identity, now=g.now))
    flash("Your session is cancelled. There is nothing more to do.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move(public_id: str) -> ResponseReturnValue:
    """Offer other times with the same therapist."""
    return _offer(own_attendance(public_id), MoveForm())


@bp.post("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move_now(public_id: str) -> ResponseReturnValue:
    """Take the new time, and give up the old one only if it is won."""
    attendance = own_attendance(public_id)
    form = MoveForm(request.form)
    starts_at = form.starts_at() if form.validate() else None
    if starts_at is None:
        form.form_errors = form.form_errors or ["Choose one of the times."]
        return _offer(attendance, form), 422
    try:
        _take(attendance, starts_at)
    except (SlotTaken, NotOffered) as error:
        form.form_errors = [error.message]
        return _offer(attendance, form, near=starts_at), error.status
    flash("Your session has moved.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


def _take(attendance: Attendance, starts_at: datetime) -> None:
    appointment = attendance.appointment
    wish = Wish(
        service_id=appointment.service_id,
        therapist_id=appointment.lead.id,
        starts_at=starts_at,
        modality=cast("Modality", appointment.modality),
        location_id=appointment.location_id,
    )
    rules = _times(attendance).rules
    in_unit_of_work(
        lambda session: move_appointment(session, rules, appointment.public_id, wish, by=g.identity, now=g.now)
    )


def _times(attendance: Attendance) -> Times:
    appointment = attendance.appointment
    return times_of(db.session(), appointment.service.slug, appointment.lead.slug, viewer="clients", now=g.now)


def _offer(attendance: Attendance, form: MoveForm, *, near: datetime | None = None) -> str:
    facts = the_facts()
    view = session_view(attendance, facts, g.now)
    if not view.is_movable:
        raise ImpossibleStep
    zone = zone_of(attendance.appointment, attendance.client.zone)
    times = _times(attendance)
    asked = local_date(near, zone) if near else _asked_date()
    first = times.first_on(zone, asked)
    last = first + timedelta(days=DAYS_A_PAGE - 1) if first else None
    offers = _offers(times, attendance, first, last, zone) if first and last else []
    return render_template(
        "client/move.html",
        view=view,
        form=form,
        days=slot_days(offers, zone, habit_of(facts.locale)),
        zone=format_zone(zone),
        later=times.next_from(last, zone) if last else None,
    )


def _offers(times: Times, attendance: Attendance, first: date, last: date, zone: str) -> list[Offer]:
    """Return the starts at which they can meet as they do now."""
    modality: Any = attendance.appointment.modality
    return [
        Offer(instant(slot.start), str(slot.start))
        for slot in times.between(first, last, zone)
        if modality in slot.ways.modalities
    ]


def _asked_date() -> date | None:
    text = request.args.get("from", "")
    found = iso_date(text) if text else None
    if text and found is None:
        raise NotFound
    return found
