"""The public holidays of a country or region: look at a year, choose the days, and close on all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from practice.adapters.holiday_calendars import Holiday, holidays_of, regions_of
from practice.db import db, in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.hours import active_locations
from practice.queries.setup import booked_spans, closed_holidays
from practice.services.practice_setup import ClosedDay, add_holidays
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.closures import what_can_close, zone_of
from practice.web.admin.forms import COUNTRIES
from practice.web.admin.pages import Way, trail
from practice.web.calendar_days import instants_of_days, today_here
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import CheckboxesField
from practice.web.frame import the_facts
from practice.web.presenting import format_day

WHOLE_COUNTRY = "The whole country"
YEARS_AHEAD = 2


class CalendarForm(BaseForm):
    """Which calendar, of which year, and what it closes."""

    country = SelectField("Country", [InputRequired("Choose a country.")], choices=COUNTRIES)
    region = SelectField("Region", [Optional()])
    year = SelectField("Year", [InputRequired("Choose a year.")])
    location = SelectField("What is closed?", [Optional()])


class DaysForm(CalendarForm):
    """The days of it that were chosen."""

    days = CheckboxesField("Days", [InputRequired("Choose at least one day.")])


@dataclass(frozen=True, slots=True)
class DayShown:
    """A holiday as the page shows it; ``note`` says what it would do, or that it is closed already."""

    key: str
    words: str
    note: str
    is_chosen: bool
    is_closed: bool
    badge: str


@dataclass(frozen=True, slots=True)
class HolidaysPage:
    """A calendar's days, and the form that chooses among calendars."""

    heading: str
    trail: tuple[Way, ...]
    days: tuple[DayShown, ...]
    can_add: bool
    count: int

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way from the practice to here, for the component."""
        return (*((way.label, way.href) for way in self.trail), (self.heading, ""))


@bp.get("/closures/holidays")
@requires(Permission.ADMIN)
def holidays() -> ResponseReturnValue:
    """Show the holidays of a year, each with what closing then would do; nonsense in the address is the usual."""
    form = _calendar(CalendarForm, request.args)
    if not form.validate():
        form = _calendar(CalendarForm, {})
    return _page(form, form)


@bp.post("/closures/holidays")
@requires(Permission.ADMIN)
def holidays_add() -> ResponseReturnValue:
    """Close on the days that were chosen; those that were added before stay as they are."""
    form = _calendar(DaysForm, request.form)
    there = {day.key: day for day in _days(form)}
    form.days.choices = {key: day.name for key, day in there.items()}
    if not form.validate():
        return _page(form, form), ValidationFailed.status
    location = str(form.location.data or "")
    chosen = [_closed_day(there[key], zone_of(location)) for key in form.days.data or ()]

    def act(session: Session) -> int:
        return add_holidays(session, chosen, location, by=g.identity, now=g.now)

    added = in_unit_of_work(act)
    flash(_said(added))
    return redirect(url_for("admin.closures"), 303)


def _calendar(kind: type[Any], sent: Any) -> Any:
    """Return the form of a calendar: what was sent, or the practice's country and this year."""
    facts, today = the_facts(), today_here()
    years = [str(today.year + more) for more in range(YEARS_AHEAD + 1)]
    usual = {"country": facts.country if facts.country in COUNTRIES else "US", "region": "", "year": years[0]}
    form = kind(sent) if sent else kind(data=usual)
    country = form.country.data if form.country.data in COUNTRIES else usual["country"]
    regions = regions_of(country)
    if form.region.data not in regions and not issubclass(kind, DaysForm):
        form.region.data = ""  # another country was chosen: its regions come with the next page
    form.region.choices = {"": WHOLE_COUNTRY} | dict(regions)
    form.year.choices = {year: year for year in years}
    form.location.choices = what_can_close()
    return form


def _days(form: Any) -> Sequence[Holiday]:
    country, region, year = (str(form[name].data or "") for name in ("country", "region", "year"))
    is_known = country in COUNTRIES and region in form.region.choices and year in form.year.choices
    return holidays_of(country, region, int(year)) if is_known else ()


def _closed_day(day: Holiday, zone: str) -> ClosedDay:
    return ClosedDay(day.key, day.name, *instants_of_days(zone, day.on, day.on))


def _page(calendar: Any, form: Any) -> str:
    shown = _shown(calendar, getattr(form, "days", None))
    page = HolidaysPage(
        heading="Public holidays",
        trail=trail("Closed days", "admin.closures"),
        days=shown,
        can_add=any(not day.is_closed for day in shown),
        count=sum(not day.is_closed for day in shown),
    )
    return render_template("admin/holidays.html", page=page, form=form, calendar=calendar)


def _shown(calendar: Any, sent: Any) -> tuple[DayShown, ...]:
    """Return the days of a calendar that are still to come. Two statements, whatever their number."""
    days = [day for day in _days(calendar) if day.on >= today_here()]
    if not days:
        return ()
    location = str(calendar.location.data or "")
    place = next((each.id for each in active_locations(db.session()) if each.public_id == location), None)
    zone = zone_of(location)
    spans = {day.key: instants_of_days(zone, day.on, day.on) for day in days}
    booked = booked_spans(db.session(), spans[days[0].key][0], spans[days[-1].key][1], place)
    closed = closed_holidays(db.session(), list(spans), place)
    return tuple(_day(day, _touching(booked, spans[day.key]), day.key in closed, sent) for day in days)


def _touching(booked: Sequence[tuple[datetime, datetime]], span: tuple[datetime, datetime]) -> int:
    return sum(starts_at < span[1] and ends_at > span[0] for starts_at, ends_at in booked)


def _day(day: Holiday, count: int, is_closed: bool, sent: Any) -> DayShown:
    badge = f"{count} booked" if count and not is_closed else ""
    if is_closed:
        note = "Closed already"
    elif count:
        note = f"{count} {'session' if count == 1 else 'sessions'} would stay booked, for the front desk to move"
    else:
        note = "Nothing is booked that day"
    chosen = day.key in (sent.data or ()) if sent is not None else not count
    return DayShown(
        day.key, f"{format_day(day.on, relative_to=today_here())}: {day.name}", note, chosen, is_closed, badge
    )


def _said(added: int) -> str:
    if not added:
        return "These days were closed already. Nothing was changed."
    return f"{added} {'day is' if added == 1 else 'days are'} closed now. Nobody can book then."
