"""The day of all therapists or rooms: on the screen, refreshed by itself, and on paper."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.domain.errors import ValidationFailed
from practice.domain.openings import Openings
from practice.domain.permissions import Permission
from practice.queries.busy import Moment, openings_of_everyone
from practice.queries.practice import facts_as_of
from practice.web.access import requires
from practice.web.calendar_days import read_day
from practice.web.desk.appointment_shown import desk_view
from practice.web.desk.blueprint import bp
from practice.web.desk.day_drawn import Drawn, drawn, read_day_of, shown_on
from practice.web.desk.day_shown import Around, day_page, sheet_page
from practice.web.desk.day_wanted import Wanted, read_wanted
from practice.web.desk.forms import NamesForm
from practice.web.desk.names import hide_names, hides_names
from practice.web.presenting import format_time
from practice.web.reading import note_read
from practice.web.sessions_shown import View


@dataclass(frozen=True, slots=True)
class Asked:
    """What the pages of a day stand on."""

    on: date
    today: date
    wanted: Wanted
    view: View
    openings: Openings
    moment: Moment

    def board(self) -> Drawn:
        """Return the board."""
        return drawn(self.on, self.today, self.wanted, self.view, self.openings, self.moment)


@bp.get("")
@requires(Permission.DESK)
def day() -> ResponseReturnValue:
    """Show today, or lead to the date that was asked for."""
    if "on" in request.args:
        return redirect(url_for("desk.one_day", on=read_day(request.args["on"]).isoformat()))
    return _page(_asked(None))


@bp.get("/days/<on>")
@requires(Permission.DESK)
def one_day(on: str) -> ResponseReturnValue:
    """Show any day."""
    return _page(_asked(read_day(on)))


@bp.get("/days/<on>/board")
@requires(Permission.DESK)
def board(on: str) -> ResponseReturnValue:
    """Answer with the board alone, or with 304 where the browser shows it as it is."""
    asked = _asked(read_day(on))
    found = asked.board()
    seen = found.seen
    tag = f"{seen}.{found.look}"
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": "private, no-cache",
        "X-Updated": format_time(g.now, asked.view.zone, asked.view.habit),
    }
    known = request.headers.get("If-None-Match", "")
    if tag in known:
        return Response(status=304, headers=headers)
    if seen not in known:
        _note(asked.on, found.shown, once=seen)
    return Response(found.html, headers=headers, mimetype="text/html")


@bp.get("/days/<on>/sheet")
@requires(Permission.DESK)
def sheet(on: str) -> ResponseReturnValue:
    """Show a day as one list, made for paper."""
    asked = _asked(read_day(on))
    found = read_day_of(asked.on, asked.wanted, asked.view, asked.openings).without_cancelled()
    _note(asked.on, [each.public_id for each in shown_on(found)])
    return render_template("desk/sheet.html", page=sheet_page(found))


@bp.post("/names")
@requires(Permission.DESK)
def names() -> ResponseReturnValue:
    """Hide or show names until the browser is closed or the person signs out."""
    form = NamesForm(request.form)
    if not form.validate():
        raise ValidationFailed
    hide_names(is_hidden=form.hide.data == "yes")
    flash("Names are hidden." if form.hide.data == "yes" else "Names are shown.")
    return redirect(form.where(url_for("desk.day")), 303)


def _page(asked: Asked) -> str:
    found = asked.board()
    _note(asked.on, found.shown, once=found.seen)
    view = asked.view
    around = Around(asked.on, asked.today, asked.wanted, view.hides_names, request.root_path)
    page = day_page(around, asked.openings.rules)
    updated = format_time(g.now, view.zone, view.habit)
    return render_template("desk/day.html", page=page, drawn=found, updated=updated)


def _asked(on: date | None) -> Asked:
    """Read what the address asks for, and the moment it is asked in. One statement where nothing changed."""
    openings, moment = openings_of_everyone(g.now)
    facts = facts_as_of(moment.rules)
    now: datetime = g.now
    today = now.astimezone(ZoneInfo(facts.zone)).date()
    view = desk_view(facts, hides_names=hides_names())
    return Asked(on or today, today, read_wanted(request.args, openings.rules), view, openings, moment)


def _note(on: date, shown: list[str] | tuple[str, ...], once: str = "") -> None:
    note_read("day.read", ("day", on.isoformat()), once=once, appointments=list(shown))
