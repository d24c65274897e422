"""Giving the rest of a series another time: from one of its sessions on, or all that are to come."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.errors import ImpossibleStep
from practice.domain.intervals import instant
from practice.models import Series
from practice.queries.busy import current_rules
from practice.queries.series import InSeries, people_of, rule_of, sessions_of
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.services.series import Answer, MadeSeries
from practice.services.series_ahead import pattern_of
from practice.services.series_changes import move_from
from practice.services.series_plan import Plan, plan_series
from practice.web.presenting import format_moment
from practice.web.series import flow
from practice.web.series.flow import Flow
from practice.web.series.forms import MoveOneForm, MoveSeriesForm
from practice.web.series.plan_shown import reason_words
from practice.web.series.shown import names_of, rest_of, since_of
from practice.web.series.side import Side, needs_in

ONE_TOLD = "Whoever chose e-mail is told a few minutes later."
ALL_TOLD = "The old times are free again at once. Whoever chose e-mail gets one message with all of the new dates."


@dataclass(frozen=True, slots=True)
class MovePage:
    """The sessions that are to move."""

    title: str
    number: int
    first: str
    back_href: str
    next_href: str


@dataclass(frozen=True, slots=True)
class _Rest:
    """The sessions of a series that move, from an original start on; None is all that are to come."""

    series: Series
    since: datetime | None
    sessions: list[InSeries]
    is_one: bool = False


def ask(side: Side, public_id: str) -> ResponseReturnValue:
    """Ask for the new day and time."""
    rest = _rest(side, public_id)
    local = rest.sessions[0].starts_at.astimezone(ZoneInfo(rest.series.zone))
    data = {
        "since": request.args.get("since", ""),
        "only": request.args.get("only", ""),
        "on": local.date(),
        "time": rest.series.start_minute,
        "every": str(rest.series.every_weeks),
        "skips": rest.series.skips_closures,
    }
    flow_of_it = _flow(side, rest)
    return flow_of_it.ask(flow_of_it.kind(data=data))


def dates(side: Side, public_id: str) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    return flow.dates(_flow(side, _rest(side, public_id)))


def check(side: Side, public_id: str) -> ResponseReturnValue:
    """Show the series as it will be."""
    return flow.check(_flow(side, _rest(side, public_id)))


def make(side: Side, public_id: str) -> ResponseReturnValue:
    """Move it."""
    return flow.make(_flow(side, _rest(side, public_id)))


def _rest(side: Side, public_id: str) -> _Rest:
    series = side.series(public_id)
    sessions = sessions_of(db.session(), series.id)
    since = since_of(sessions, request.values.get("since", ""))
    rest = rest_of(sessions, since)
    if not rest:
        raise ImpossibleStep
    is_one = bool(request.values.get("only"))
    return _Rest(series, since, rest[:1] if is_one else rest, is_one)


def _flow(side: Side, rest: _Rest) -> Flow[MoveOneForm]:
    public_id, since = rest.series.public_id, rest.since

    def make_it(session: Session, plan: Plan, answers: Mapping[date, Answer]) -> MadeSeries:
        return move_from(session, plan.rules, public_id, since, plan.pattern, answers, by=g.identity, now=g.now)

    def move_one(session: Session, plan: Plan, _answers: Mapping[date, Answer]) -> MadeSeries:
        one = rest.sessions[0].public_id
        move_appointment(session, plan.rules, one, _wish(plan), by=g.identity, now=g.now)
        return MadeSeries(rest.series.id, public_id, ())

    return Flow(
        side=side,
        page="series_move",
        subject=public_id,
        heading=names_of(people_of(db.session(), rest.series.id)),
        kind=MoveOneForm if rest.is_one else MoveSeriesForm,
        ask=lambda form: _ask_page(side, rest, form),
        plan=lambda form: _plan(rest, form),
        make=move_one if rest.is_one else make_it,
        button="Move the session" if rest.is_one else "Move the series",
        told=ONE_TOLD if rest.is_one else ALL_TOLD,
        said="The session has moved." if rest.is_one else "The series has moved.",
    )


def _wish(plan: Plan) -> Wish:
    pattern = plan.pattern
    starts_at = instant(plan.dates[0].start)
    return Wish(pattern.service_id, pattern.therapist_id, starts_at, pattern.modality, pattern.location_id)


def _plan(rest: _Rest, form: MoveOneForm) -> Plan | None:
    """Return the plan that a valid form asks for, or None where the form does not fit."""
    series, session = rest.series, db.session()
    people = people_of(session, series.id)
    before = pattern_of(series, room_id=_room(rest), needs=needs_in(people))
    is_open = rule_of(series).is_open_ended and series.ended_at is None
    rule = replace(
        before.rule,
        starts_on=form.on.data or g.now.date(),
        start_minute=int(form.time.data),
        every_weeks=int(form.every.data) if isinstance(form, MoveSeriesForm) else 1,
        ends_on=None,
        times=None if is_open and not rest.is_one else len(rest.sessions),
    )
    if rule.start_on(rule.starts_on) * 60 <= g.now.timestamp():
        form.on.errors = ["Choose a day and time that are still to come."]
        return None
    skips = isinstance(form, MoveSeriesForm) and bool(form.skips.data)
    pattern = replace(before, rule=rule, skips_closures=skips)
    clients = [each.resource_id for each in people]
    ignoring = {each.id: each.starts_at for each in rest.sessions}
    plan = plan_series(session, current_rules(session), pattern, clients, now=g.now, ignoring=ignoring)
    reason = plan.planned[0].reason if rest.is_one else None
    if reason is not None:
        form.on.errors = [reason_words(reason, plan)]
        return None
    return plan


def _room(rest: _Rest) -> int | None:
    return next((each.room_id for each in rest.sessions if not each.is_moved), None)


def _ask_page(side: Side, rest: _Rest, form: MoveOneForm) -> str:
    view, series = side.view(), rest.series
    page = MovePage(
        title=names_of(people_of(db.session(), series.id)),
        number=len(rest.sessions),
        first=format_moment(rest.sessions[0].starts_at, view.zone, view.habit),
        back_href=side.url("series", series.public_id),
        next_href=side.url("series_move_dates", series.public_id),
    )
    return render_template("series/move.html", page=page, form=form)
