"""Making a booked session the first of a series."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.errors import ImpossibleStep
from practice.domain.lifecycle import LIVE
from practice.domain.series import WEEK
from practice.models import Appointment, AppointmentStatus
from practice.queries.busy import current_rules
from practice.queries.series import series_by_id
from practice.services.series import REPEATABLE, Answer, MadeSeries, repeat_appointment
from practice.services.series_plan import Pattern, Plan, plan_series
from practice.web.presenting import format_moment
from practice.web.series import flow
from practice.web.series.flow import Flow
from practice.web.series.forms import RepeatForm
from practice.web.series.side import Side, needs_in
from practice.web.sessions_shown import session_card

TOLD = "Whoever chose e-mail gets one message with all of these dates."


@dataclass(frozen=True, slots=True)
class RepeatPage:
    """The session that is to be repeated."""

    title: str
    when: str
    service: str
    back_href: str
    next_href: str


def can_repeat(appointment: Appointment) -> bool:
    """Whether a series can begin with a session: booked, no group's, in no series yet, and not long past."""
    is_free = appointment.series_id is None and appointment.status == AppointmentStatus.BOOKED
    is_recent = appointment.starts_at + WEEK > g.now
    return is_free and is_recent and appointment.service.kind in REPEATABLE


def ask(side: Side, public_id: str) -> ResponseReturnValue:
    """Ask how often the session repeats, and until when."""
    found = side.appointment(public_id)
    data = {"every": "1", "ends": "times", "times": 12, "skips": True}
    return _already(side, found) or _flow(side, found).ask(RepeatForm(data=data))


def dates(side: Side, public_id: str) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    found = side.appointment(public_id)
    return _already(side, found) or flow.dates(_flow(side, found))


def check(side: Side, public_id: str) -> ResponseReturnValue:
    """Show the series as it will be made."""
    found = side.appointment(public_id)
    return _already(side, found) or flow.check(_flow(side, found))


def make(side: Side, public_id: str) -> ResponseReturnValue:
    """Make the series; where the button was pressed twice at the same moment, lead to the one that was made."""
    found = side.appointment(public_id)
    made = _already(side, found)
    if made is not None:
        return made
    try:
        answer = flow.make(_flow(side, found))
    except ImpossibleStep:
        db.session.close()
        made = _already(side, side.appointment(public_id))
        if made is None:
            raise
        return made
    if not isinstance(answer, tuple):
        return answer
    db.session.close()
    return _already(side, side.appointment(public_id)) or answer


def _already(side: Side, found: Appointment) -> ResponseReturnValue | None:
    """Lead to the series that the session is part of already: the button was pressed twice."""
    series = series_by_id(db.session(), found.series_id)
    if series is not None:
        return redirect(side.url("series", series.public_id), 303)
    if not can_repeat(found):
        raise ImpossibleStep
    return None


def _flow(side: Side, found: Appointment) -> Flow[RepeatForm]:
    public_id = found.public_id

    def make_it(session: Session, plan: Plan, answers: Mapping[date, Answer]) -> MadeSeries:
        return repeat_appointment(session, plan.rules, public_id, plan.pattern, answers, by=g.identity, now=g.now)

    return Flow(
        side=side,
        page="series_repeat",
        subject=public_id,
        heading=session_card(found, side.view()).title,
        kind=RepeatForm,
        ask=lambda form: _ask_page(side, found, form),
        plan=lambda form: _plan(found, form),
        make=make_it,
        button="Book the series",
        told=TOLD,
        said="The series is booked. Whoever chose e-mail gets one message with all of its dates.",
    )


def _plan(found: Appointment, form: RepeatForm) -> Plan | None:
    """Return the plan that a valid form asks for, or None where the form does not fit."""
    local = found.starts_at.astimezone(ZoneInfo(found.zone))
    rule = form.rule(found.zone, local.date(), local.hour * 60 + local.minute)
    if not form.fits(rule):
        return None
    pattern = Pattern(
        rule=rule,
        service_id=found.service_id,
        therapist_id=found.lead.id,
        modality="online" if found.location_id is None else "in_person",
        location_id=found.location_id,
        duration_minutes=int((found.ends_at - found.starts_at).total_seconds()) // 60,
        skips_closures=bool(form.skips.data),
        room_id=found.room_id,
        needs=needs_in(each.client for each in found.attendances if each.status in LIVE),
    )
    clients = [each.client.resource_id for each in found.attendances if each.status in LIVE]
    session = db.session()
    return plan_series(session, current_rules(session), pattern, clients, now=g.now, after=rule.starts_on)


def _ask_page(side: Side, found: Appointment, form: RepeatForm) -> str:
    view = side.view()
    card = session_card(found, view)
    page = RepeatPage(
        title=card.title,
        when=format_moment(found.starts_at, view.zone, view.habit),
        service=card.service,
        back_href=card.href,
        next_href=side.url("series_repeat_dates", found.public_id),
    )
    return render_template("series/repeat.html", page=page, form=form)
