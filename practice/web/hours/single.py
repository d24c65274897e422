"""Hours of one date, and time off."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.models import DateHours
from practice.queries.busy import current_rules
from practice.queries.hours import date_hours_on, locations_by_id
from practice.services.hours import (
    add_time_off,
    clear_date_hours,
    remove_time_off,
    set_date_hours,
)
from practice.web.calendar_days import read_day, today_here
from practice.web.frame import the_facts
from practice.web.hours.forms import STRETCHES, DateForm, TimeOffForm
from practice.web.hours.owner import Owner, place_choices, place_value
from practice.web.hours.shown import span_words
from practice.web.presenting import format_day, format_zone, habit_of
from practice.web.saving import save


def dates(owner: Owner) -> ResponseReturnValue:
    """Lead to the date that was asked for."""
    return redirect(owner.url("date", on=read_day(request.args.get("on", "")).isoformat()))


def date_page(owner: Owner, on: str) -> ResponseReturnValue:
    """Show the hours of one date, its own or the weekly ones, to change them for this date alone."""
    day = read_day(on)
    return _date_page(owner, day, DateForm(data=_filled(owner, day)))


def set_date(owner: Owner, on: str) -> ResponseReturnValue:
    """Give a date hours of its own, or none."""
    day = read_day(on)
    form = _offered(DateForm(request.form))
    return save(
        form,
        lambda session: set_date_hours(session, owner.therapist.id, day, form.to_stretches(), by=g.identity, now=g.now),
        page=lambda: _date_page(owner, day, form),
        said=f"Saved for {format_day(day)} alone.",
        to=owner.url(),
    )


def clear_date(owner: Owner, on: str) -> ResponseReturnValue:
    """Let a date follow the weekly hours again."""
    day = read_day(on)
    in_unit_of_work(lambda session: clear_date_hours(session, owner.therapist.id, day, by=g.identity, now=g.now))
    flash(f"{format_day(day)} has its weekly hours again.")
    return redirect(owner.url(), 303)


def time_off_page(owner: Owner) -> ResponseReturnValue:
    """Ask when somebody is away."""
    return _time_off_page(owner, TimeOffForm(data={"starts_on": today_here()}))


def add_off(owner: Owner) -> ResponseReturnValue:
    """Take time away from the hours."""
    form = TimeOffForm(request.form)
    zone = owner.therapist.zone
    return save(
        form,
        lambda session: add_time_off(
            session, owner.therapist.id, *form.span(zone), str(form.note.data or ""), by=g.identity, now=g.now
        ),
        page=lambda: _time_off_page(owner, form),
        said="Saved. Nobody can book in that time.",
        to=owner.url(),
    )


def remove_off(owner: Owner, public_id: str) -> ResponseReturnValue:
    """Give time back to the hours."""
    in_unit_of_work(lambda session: remove_time_off(session, owner.therapist.id, public_id, by=g.identity, now=g.now))
    flash("The time off is taken back. Your hours hold again." if owner.is_self else "The time off is taken back.")
    return redirect(owner.url(), 303)


def _filled(owner: Owner, on: date) -> dict[str, Any]:
    """Return what the form begins with: the date's own hours, or those that would hold without."""
    places = locations_by_id(db.session())
    rows: Any = current_rules(db.session()).hours_on(owner.therapist.id, on)
    data: dict[str, Any] = {}
    for at, row in enumerate(sorted(rows, key=lambda row: row.start_minute)[:STRETCHES]):
        data[f"starts_{at}"], data[f"ends_{at}"] = row.start_minute, row.end_minute
        place = None if row.location_id is None else places[row.location_id]
        data[f"place_{at}"] = place_value(place, is_online=row.is_online)
    return data


def _offered(form: DateForm) -> DateForm:
    form.offer(place_choices())
    return form


def _date_page(owner: Owner, on: date, form: DateForm) -> str:
    own = date_hours_on(db.session(), owner.therapist.id, on)
    return render_template(
        "hours/date.html",
        owner=owner,
        form=_offered(form),
        heading=f"Hours on {format_day(on, relative_to=today_here())}",
        own=_own_words(own),
        clear_href=owner.url("date_clear", on=on.isoformat()) if own and on >= today_here() else "",
        is_past=on < today_here(),
    )


def _own_words(own: DateHours | None) -> str:
    if own is None:
        return "This date follows the weekly hours."
    habit = habit_of(the_facts().locale)
    words = [span_words(span.start_minute, span.end_minute, habit) for span in own.spans]
    return f"This date has its own hours: {', '.join(words)}." if words else "This date has no hours."


def _time_off_page(owner: Owner, form: TimeOffForm) -> str:
    return render_template("hours/time_off.html", owner=owner, form=form, zone=format_zone(owner.therapist.zone))
