"""A therapist's days: a week, a day or a list of them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.busy import openings_of_everyone
from practice.queries.diary import diary_between
from practice.queries.practice import facts_as_of
from practice.web.access import requires
from practice.web.calendar_days import instants_of_days, read_day
from practice.web.presenting import habit_of
from practice.web.reading import note_read
from practice.web.therapist.blueprint import bp
from practice.web.therapist.days_drawn import Asked, drawn
from practice.web.therapist.days_shown import Days
from practice.web.therapist.week_shown import CalendarPage, calendar_page, monday_of

VIEWS = ("one_week", "one_day", "one_list")


@bp.get("")
@requires(Permission.OWN_CALENDAR)
def week() -> ResponseReturnValue:
    """Show this week, or lead to the date that was asked for in the way that was asked for."""
    if "on" in request.args:
        view = request.args.get("view", "one_week")
        if view not in VIEWS:
            raise NotFound
        return redirect(url_for(f"therapist.{view}", on=read_day(request.args["on"]).isoformat()))
    return _page(None, "one_week")


@bp.get("/weeks/<on>")
@requires(Permission.OWN_CALENDAR)
def one_week(on: str) -> ResponseReturnValue:
    """Show the week that a date lies in."""
    return _page(read_day(on), "one_week")


@bp.get("/weeks/<on>/list")
@requires(Permission.OWN_CALENDAR)
def one_list(on: str) -> ResponseReturnValue:
    """Show the week that a date lies in as a list."""
    return _page(read_day(on), "one_list")


@bp.get("/days/<on>")
@requires(Permission.OWN_CALENDAR)
def one_day(on: str) -> ResponseReturnValue:
    """Show one day, with what can be noted of it."""
    return _page(read_day(on), "one_day")


def _page(on: date | None, view: str) -> ResponseReturnValue:
    """Show some days. Two statements where nothing changed since they were shown last, and four where something did."""
    openings, moment = openings_of_everyone(g.now)
    me = openings.rules.therapist_by_id.get(g.identity.therapist_id)
    if me is None:
        raise NotFound("This account has no calendar of its own.")
    today: date = g.now.astimezone(ZoneInfo(me.zone)).date()
    first = last = on or today
    if view != "one_day":
        first, last = monday_of(first), monday_of(first) + timedelta(days=6)
    habit = habit_of(facts_as_of(moment.rules).locale)

    def make() -> tuple[Days, CalendarPage]:
        start, end = instants_of_days(me.zone, first, last)
        entries = diary_between(db.session(), me.id, start, end, now=g.now)
        days = Days(me.id, me.zone, habit, g.now, today, openings.rules, entries)
        return days, calendar_page(days, first, last, view=view, openings=openings)

    found = drawn(Asked(me.id, view, first.isoformat(), request.root_path), moment, g.now, make)
    span = f"{first.isoformat()}/{last.isoformat()}"
    note_read("diary.read", ("days", span), once=found.seen, appointments=list(found.shown))
    return render_template("therapist/calendar.html", page=found.page, drawn=found.html)
