"""The overview of hours, and the weekly ones: add, change, end."""

from datetime import timedelta

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import Availability
from practice.queries.hours import availability_by_public_id, locations_by_id
from practice.services.hours import add_weekly_hours, change_weekly_hours, end_weekly_hours
from practice.web.calendar_days import today_here
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.hours.forms import EndForm, WeeklyForm
from practice.web.hours.owner import Owner, place_choices, place_value
from practice.web.hours.shown import hours_page, row_words
from practice.web.presenting import habit_of
from practice.web.reading import note_read
from practice.web.saving import save


def overview(owner: Owner, session_endpoint: str) -> ResponseReturnValue:
    """Show all hours, and the sessions outside them, each linked to ``session_endpoint`` where there is one."""
    page = hours_page(owner)
    if page.stranded:
        shown = [each.public_id for each in page.stranded]
        note_read("stranded.read", ("therapist", owner.therapist.public_id), appointments=shown)
    return render_template("hours/overview.html", page=page, owner=owner, session_endpoint=session_endpoint)


def new_page(owner: Owner) -> ResponseReturnValue:
    """Ask for new hours."""
    weekday = request.args.get("weekday", "0")
    form = _offered(WeeklyForm(data={"weekday": weekday, "valid_from": today_here(), "place": "online"}))
    return _page(owner, form, "Add weekly hours")


def add(owner: Owner) -> ResponseReturnValue:
    """Add hours."""
    form = _offered(WeeklyForm(request.form))
    return save(
        form,
        lambda session: add_weekly_hours(session, owner.therapist.id, form.to_hours(), by=g.identity, now=g.now),
        page=lambda: _page(owner, form, "Add weekly hours"),
        said="Your hours are saved." if owner.is_self else "The hours are saved.",
        to=owner.url(),
    )


def change_page(owner: Owner, public_id: str) -> ResponseReturnValue:
    """Show hours to change."""
    row = _row(owner, public_id)
    place = locations_by_id(db.session()).get(row.location_id or 0)
    form = _offered(
        WeeklyForm(
            data={
                "weekday": str(row.weekday),
                "starts": row.start_minute,
                "ends": row.end_minute,
                "place": place_value(place, is_online=row.is_online),
                "valid_from": max(row.valid_from, today_here()),
                "valid_until": row.valid_until,
            }
        )
    )
    return _page(owner, form, "Change weekly hours")


def change(owner: Owner, public_id: str) -> ResponseReturnValue:
    """Let the new hours hold from their first day on."""
    _row(owner, public_id)
    form = _offered(WeeklyForm(request.form))
    return save(
        form,
        lambda session: change_weekly_hours(
            session, owner.therapist.id, public_id, form.to_hours(), by=g.identity, now=g.now
        ),
        page=lambda: _page(owner, form, "Change weekly hours"),
        said="The hours are changed from that day on. What was before stays on record.",
        to=owner.url(),
    )


def end_page(owner: Owner, public_id: str) -> ResponseReturnValue:
    """Ask for the last day of hours."""
    return _end_page(owner, _row(owner, public_id), EndForm(data={"last_on": today_here()}))


def end(owner: Owner, public_id: str) -> ResponseReturnValue:
    """End hours."""
    row, form = _row(owner, public_id), EndForm(request.form)
    return save(
        form,
        lambda session: end_weekly_hours(
            session, owner.therapist.id, public_id, form.last_on.data or today_here(), by=g.identity, now=g.now
        ),
        page=lambda: _end_page(owner, row, form),
        said="These hours end. Sessions that are booked stay booked.",
        to=owner.url(),
    )


def _row(owner: Owner, public_id: str) -> Availability:
    found = availability_by_public_id(db.session(), owner.therapist.id, public_id)
    if found is None or (found.valid_until is not None and found.valid_until < today_here() - timedelta(days=1)):
        raise NotFound
    return found


def _offered(form: WeeklyForm) -> WeeklyForm:
    form.place.choices = place_choices()
    return form


def _page(owner: Owner, form: BaseForm, heading: str) -> str:
    return render_template("hours/weekly.html", owner=owner, form=form, heading=heading)


def _end_page(owner: Owner, row: Availability, form: EndForm) -> str:
    words = row_words(row, habit_of(the_facts().locale))
    return render_template("hours/end.html", owner=owner, form=form, words=words)
