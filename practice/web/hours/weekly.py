"""The overview of hours, and the weekly ones: changed for one day or several, checked, saved, taken back."""

from datetime import date
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.changed_hours import with_weekly_hours
from practice.domain.errors import NotFound
from practice.domain.rule_book import RuleBook
from practice.models import Availability
from practice.queries.hours import locations_by_id, weekly_rows
from practice.services.weekly_hours import check_weekly_hours, set_weekly_hours
from practice.web.calendar_days import today_here
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.hours.checking import Proposal, checked, sent_in
from practice.web.hours.forms import STRETCHES, WeeklyForm
from practice.web.hours.owner import Owner, place_choices, place_value
from practice.web.hours.shown import hours_page, row_words, rows_words
from practice.web.hours.undoing import is_offered, remember_weekly
from practice.web.presenting import WEEKDAYS, format_day, habit_of, join_words
from practice.web.reading import note_read
from practice.web.saving import save


def overview(owner: Owner) -> ResponseReturnValue:
    """Show all hours, and the sessions outside them."""
    page = hours_page(owner)
    if page.stranded:
        shown = [each.public_id for each in page.stranded]
        note_read("stranded.read", ("therapist", owner.therapist.public_id), appointments=shown)
    return render_template("hours/overview.html", page=page, owner=owner, can_undo=is_offered(owner))


def edit_page(owner: Owner) -> ResponseReturnValue:
    """Ask for the hours of a weekday, beginning with those it has, or with what was typed before."""
    if "valid_from" in request.args:
        return _page(owner, _offered(WeeklyForm(request.args)))
    day = request.args.get("days", "0")
    if day not in map(str, range(7)):
        raise NotFound
    return _page(owner, _offered(WeeklyForm(data=_filled(owner, int(day)))))


def check(owner: Owner) -> ResponseReturnValue:
    """Show what would change, and which booked sessions would lie outside."""
    form = _offered(WeeklyForm(request.args))

    def propose(session: Session, rules: RuleBook) -> Proposal:
        new = form.to_hours()
        rows = check_weekly_hours(session, owner.therapist, new, now=g.now)
        after = with_weekly_hours(rules, owner.therapist.id, new.days, [row.hours for row in rows], new.dates)
        return Proposal(
            heading=f"Check the hours for {_days_words(new.days)}",
            facts=(
                Fact("Days", _days_words(new.days)),
                Fact("Hours", rows_words(rows) or "No hours"),
                Fact("From", format_day(new.valid_from, relative_to=today_here())),
                Fact("Until", _until_words(new.valid_until)),
            ),
            before=tuple(_before(owner, new.days, new.valid_from, new.valid_until)),
            after=after,
        )

    return checked(
        owner,
        form,
        propose,
        page=lambda: _page(owner, form),
        action=owner.url("weekly_save"),
        change_href=owner.url("weekly", **sent_in(form)),
    )


def save_weekly(owner: Owner) -> ResponseReturnValue:
    """Let the new hours hold from their first day on."""
    form = _offered(WeeklyForm(request.form))
    therapist_id = owner.therapist.id
    return save(
        form,
        lambda session: set_weekly_hours(session, therapist_id, form.to_hours(), by=g.identity, now=g.now),
        page=lambda: _page(owner, form),
        said="Your hours are saved." if owner.is_self else "The hours are saved.",
        to=lambda change: remember_weekly(owner, change),
    )


def _filled(owner: Owner, day: int) -> dict[str, Any]:
    """Return what the form begins with: the rows that hold today, or those that begin next."""
    today = today_here()
    rows = weekly_rows(db.session(), owner.therapist.id, day, today)
    first = max(today, rows[0].valid_from) if rows else today
    held = [row for row in rows if row.valid_from <= first][:STRETCHES]
    places = locations_by_id(db.session())
    data: dict[str, Any] = {"days": [str(day)], "valid_from": first}
    for at, row in enumerate(sorted(held, key=lambda row: row.start_minute)):
        data[f"starts_{at}"], data[f"ends_{at}"] = row.start_minute, row.end_minute
        data[f"place_{at}"] = place_value(places.get(row.location_id or 0), is_online=row.is_online)
    return data


def _before(owner: Owner, days: tuple[int, ...], first: date, last: date | None) -> list[str]:
    """Return the rows that the change ends, in words."""
    habit = habit_of(the_facts().locale)
    rows: list[Availability] = []
    for day in days:
        rows += weekly_rows(db.session(), owner.therapist.id, day, first)
    return [row_words(row, habit) for row in rows if last is None or row.valid_from <= last]


def _days_words(days: tuple[int, ...]) -> str:
    return join_words([f"{WEEKDAYS[day]}s" for day in days])


def _until_words(last: date | None) -> str:
    if last is None:
        return "It goes on"
    return f"{format_day(last, relative_to=today_here())}. After it, what held before goes on."


def _offered(form: WeeklyForm) -> WeeklyForm:
    form.offer(place_choices())
    return form


def _page(owner: Owner, form: WeeklyForm) -> str:
    days = tuple(sorted(int(day) for day in form.days.data or () if day in map(str, range(7))))
    heading = f"Hours on {_days_words(days)}" if days else "Weekly hours"
    return render_template("hours/weekly.html", owner=owner, form=form, heading=heading)
