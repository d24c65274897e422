"""Hours of one date, and time off: asked for, checked, saved."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.changed_hours import with_date_hours, with_time_off
from practice.domain.errors import NotFound
from practice.domain.intervals import outer_span
from practice.domain.rule_book import RuleBook
from practice.models import DateHours, TimeOff
from practice.queries.busy import current_rules
from practice.queries.hours import date_hours_on, locations_by_id
from practice.services.hours import (
    add_time_off,
    check_date_hours,
    check_time_off,
    clear_date_hours,
    remove_time_off,
    set_date_hours,
)
from practice.web.calendar_days import read_day, today_here
from practice.web.facts import Fact
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.hours.checking import Proposal, checked, sent_in
from practice.web.hours.forms import STRETCHES, DateForm, NotedTimeOffForm, TimeOffForm
from practice.web.hours.owner import Owner, place_choices, place_value
from practice.web.hours.shown import away_words, rows_words, span_words
from practice.web.hours.undoing import remember_time_off
from practice.web.presenting import format_day, format_zone, habit_of
from practice.web.saving import save


def dates(owner: Owner) -> ResponseReturnValue:
    """Lead to the date that was asked for."""
    return redirect(owner.url("date", on=read_day(request.args.get("on", "")).isoformat()))


def date_page(owner: Owner, on: str) -> ResponseReturnValue:
    """Show the hours of one date, its own or the weekly ones, to change them for this date alone."""
    day = read_day(on)
    if request.args:
        return _date_page(owner, day, _offered(DateForm(request.args)))
    return _date_page(owner, day, _offered(DateForm(data=_filled(owner, day))))


def check_date(owner: Owner, on: str) -> ResponseReturnValue:
    """Show what one date would have, and which booked sessions would lie outside."""
    day, form = read_day(on), _offered(DateForm(request.args))

    def propose(session: Session, rules: RuleBook) -> Proposal:
        rows = check_date_hours(session, owner.therapist, day, form.to_stretches(), now=g.now)
        words = rows_words(rows) or "No hours, so nobody can book that day"
        facts = (Fact("Date", format_day(day, relative_to=today_here())), Fact("Hours", words))
        after = with_date_hours(rules, owner.therapist.id, day, [row.hours for row in rows])
        return Proposal("Check the hours of this date", facts, after)

    return checked(
        owner,
        form,
        propose,
        page=lambda: _date_page(owner, day, form),
        action=owner.url("date_set", on=on),
        change_href=owner.url("date", on=on, **sent_in(form)),
    )


def set_date(owner: Owner, on: str) -> ResponseReturnValue:
    """Give a date hours of its own, or none."""
    day = read_day(on)
    form, therapist_id = _offered(DateForm(request.form)), owner.therapist.id
    return save(
        form,
        lambda session: set_date_hours(session, therapist_id, day, form.to_stretches(), by=g.identity, now=g.now),
        page=lambda: _date_page(owner, day, form),
        said=f"Saved for {format_day(day)} alone.",
        to=owner.url(),
    )


def check_clear(owner: Owner, on: str) -> ResponseReturnValue:
    """Show which booked sessions a date's weekly hours would leave outside."""
    day = read_day(on)
    if date_hours_on(db.session(), owner.therapist.id, day) is None or day < today_here():
        raise NotFound

    def propose(_session: Session, rules: RuleBook) -> Proposal:
        after = with_date_hours(rules, owner.therapist.id, day, None)
        habit = habit_of(the_facts().locale)
        rows = sorted(after.hours_on(owner.therapist.id, day), key=lambda row: row.start_minute)
        words = ", ".join(span_words(row.start_minute, row.end_minute, habit) for row in rows) or "No hours"
        facts = (Fact("Date", format_day(day, relative_to=today_here())), Fact("Weekly hours", words))
        return Proposal("Follow the weekly hours again", facts, after)

    form = BaseForm(request.args)
    back = owner.url("date", on=on)
    return checked(
        owner, form, propose, page=lambda: _date_page(owner, day, _offered(DateForm(data=_filled(owner, day)))),
        action=owner.url("date_clear", on=on), change_href=back,
    )  # fmt: skip


def clear_date(owner: Owner, on: str) -> ResponseReturnValue:
    """Let a date follow the weekly hours again."""
    day, therapist_id = read_day(on), owner.therapist.id
    in_unit_of_work(lambda session: clear_date_hours(session, therapist_id, day, by=g.identity, now=g.now))
    flash(f"{format_day(day)} has its weekly hours again.")
    return redirect(owner.url(), 303)


def time_off_page(owner: Owner) -> ResponseReturnValue:
    """Ask when somebody is away."""
    form = TimeOffForm(request.args) if request.args else TimeOffForm(data={"starts_on": today_here()})
    return _time_off_page(owner, form)


def check_off(owner: Owner) -> ResponseReturnValue:
    """Show the time off, and which booked sessions it would touch."""
    form, zone = TimeOffForm(request.args), owner.therapist.zone

    def propose(_session: Session, rules: RuleBook) -> Proposal:
        starts_at, ends_at = form.span(zone)
        check_time_off(starts_at, ends_at, now=g.now)
        words = away_words(starts_at, ends_at, zone, habit_of(the_facts().locale))
        after = with_time_off(rules, owner.therapist.id, outer_span(starts_at, ends_at))
        return Proposal("Check the time off", (Fact("Away", words),), after)

    return checked(
        owner,
        form,
        propose,
        page=lambda: _time_off_page(owner, form),
        action=owner.url("time_off_add"),
        change_href=owner.url("time_off", **sent_in(form)),
        also=NotedTimeOffForm(),
    )


def add_off(owner: Owner) -> ResponseReturnValue:
    """Take time away from the hours."""
    form = NotedTimeOffForm(request.form)
    zone, therapist_id = owner.therapist.zone, owner.therapist.id

    def act(session: Session) -> TimeOff:
        note = str(form.note.data or "")
        return add_time_off(session, therapist_id, *form.span(zone), note, by=g.identity, now=g.now)

    return save(
        form,
        act,
        page=lambda: _time_off_page(owner, form),
        said="Saved. Nobody can book in that time.",
        to=lambda made: remember_time_off(owner, made.public_id),
    )


def remove_off(owner: Owner, public_id: str) -> ResponseReturnValue:
    """Give time back to the hours."""
    therapist_id, is_self = owner.therapist.id, owner.is_self
    in_unit_of_work(lambda session: remove_time_off(session, therapist_id, public_id, by=g.identity, now=g.now))
    flash("The time off is taken back. Your hours hold again." if is_self else "The time off is taken back.")
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
        form=form,
        heading=f"Hours on {format_day(on, relative_to=today_here())}",
        own=_own_words(own),
        check_href=owner.url("date_check", on=on.isoformat()),
        clear_href=owner.url("date_clear_check", on=on.isoformat()) if own and on >= today_here() else "",
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
