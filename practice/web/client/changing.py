"""Moving and cancelling a session: as easy as booking one, the consequence said before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import cast

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotOffered, SlotTaken
from practice.domain.intervals import instant
from practice.domain.permissions import Permission
from practice.domain.rule_book import Modality
from practice.models import Attendance
from practice.queries.slots import Times, times_of
from practice.services.cancelling import cancel_attendance
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.web.access import requires
from practice.web.calendar_days import read_day
from practice.web.client.blueprint import bp
from practice.web.client.home import own_to_change, view_of
from practice.web.client.presenting import local_date, zone_of
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.presenting import format_zone, habit_of
from practice.web.slot_days import Day, Offer, slot_days
from practice.web.times_shown import week_of


@dataclass(frozen=True, slots=True)
class MovePage:
    """A week of times to move to."""

    days: tuple[Day, ...]
    words: str
    zone: str
    earlier_href: str
    later_href: str
    first_href: str


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
    return render_template("client/cancel.html", view=view_of(own_to_change(public_id)))


@bp.post("/sessions/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel it."""
    own_to_change(public_id)
    in_unit_of_work(lambda session: cancel_attendance(session, public_id, by=g.identity, now=g.now))
    flash("Your session is cancelled. There is nothing more to do.", "good")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move(public_id: str) -> ResponseReturnValue:
    """Offer other times with the same therapist."""
    return _offer(own_to_change(public_id), MoveForm())


@bp.post("/sessions/<public_id>/move")
@requires(Permission.OWN_APPOINTMENTS)
def move_now(public_id: str) -> ResponseReturnValue:
    """Take the new time, and give up the old one only if it is won."""
    attendance = own_to_change(public_id)
    if not view_of(attendance).is_movable:  # whoever gave their place up does not move those who go on
        raise ImpossibleStep
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
    """Show a week of other times with the same therapist, met as they meet now."""
    facts, appointment = the_facts(), attendance.appointment
    view = view_of(attendance)
    if not view.is_movable:
        raise ImpossibleStep
    zone = zone_of(appointment, attendance.client.zone)
    since = local_date(near, zone) if near else _asked_date()
    week = week_of(_times(attendance), since, zone, cast("Modality", appointment.modality))
    offers = [Offer(instant(slot.start), str(slot.start)) for slot in week.slots] if week else []
    here: Callable[..., str] = partial(url_for, ".move", public_id=attendance.public_id)
    page = MovePage(
        days=slot_days(offers, zone, habit_of(facts.locale)),
        words=week.words if week else "",
        zone=format_zone(zone),
        earlier_href=here(**{"from": week.earlier}) if week and week.earlier else "",
        later_href=here(**{"from": week.later}) if week and week.later else "",
        first_href=here() if since else "",
    )
    return render_template("client/move.html", view=view, form=form, page=page)


def _asked_date() -> date | None:
    text = request.args.get("from", "")
    return read_day(text) if text else None
