"""Cancelling the rest of a series: what each session would cost is said first, and a slip can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, SlotTaken, ValidationFailed
from practice.models import Series
from practice.queries.series import InSeries, sessions_of
from practice.services.cancelling import cancel_appointment
from practice.services.series_changes import cancel_from
from practice.services.series_undoing import undo_cancellation
from practice.web.flashes import flash_with_undo
from practice.web.series.consequences import Consequence, consequences_of, sum_words
from practice.web.series.forms import CancelSeriesForm
from practice.web.series.shown import rest_of, since_of, title_of
from practice.web.series.side import Side


@dataclass(frozen=True, slots=True)
class CancelPage:
    """The sessions that would be cancelled, each with what that costs the client now."""

    title: str
    number: int
    ends_series: bool
    rows: tuple[Consequence, ...]
    back_href: str


def ask(side: Side, public_id: str) -> ResponseReturnValue:
    """Ask who cancels, and say what that means for each session."""
    series, rest = _rest(side, public_id)
    form = CancelSeriesForm(data={name: request.args.get(name, "") for name in ("since", "only")})
    return _page(side, series, rest, _for(side, form))


def cancel(side: Side, public_id: str) -> ResponseReturnValue:
    """Cancel them."""
    form = _for(side, CancelSeriesForm(request.form))
    series, rest = _rest(side, public_id)
    if not form.validate():
        return _page(side, series, rest, form), ValidationFailed.status
    by_practice, since = form.who.data == "practice", rest[0].original_starts_at if form.since.data else None
    if form.only.data:
        return _cancel_one(side, rest[0], by_practice=by_practice)
    number = in_unit_of_work(
        lambda session: cancel_from(session, public_id, since, by=g.identity, now=g.now, by_practice=by_practice)
    )
    said = "One session is cancelled." if number == 1 else f"{number} sessions are cancelled."
    flash_with_undo(f"{said} There is nothing more to do.", side.url("series_undo", public_id))
    return redirect(side.url("series", public_id), 303)


def _cancel_one(side: Side, one: InSeries, *, by_practice: bool) -> ResponseReturnValue:
    in_unit_of_work(
        lambda session: cancel_appointment(session, one.public_id, by=g.identity, now=g.now, by_practice=by_practice)
    )
    flash("This session is cancelled, and the series goes on. There is nothing more to do.")
    return redirect(side.session_href(one.public_id), 303)


def _for(side: Side, form: CancelSeriesForm) -> CancelSeriesForm:
    """Return the form with what its side may choose: only the desk notes that a client cancels."""
    if side.therapist_id is not None:
        form.who.choices = [("practice", "The practice")]
        form.who.data = form.who.data or "practice"
    return form


def undo(side: Side, public_id: str) -> ResponseReturnValue:
    """Take the cancellation back, for as long as nobody was told of it."""
    side.series(public_id)
    try:
        in_unit_of_work(lambda session: undo_cancellation(session, public_id, by=g.identity, now=g.now))
    except (SlotTaken, ImpossibleStep) as error:
        flash(error.message, "problem")
    else:
        flash("Taken back. The series is as it was before.")
    return redirect(side.url("series", public_id), 303)


def _rest(side: Side, public_id: str) -> tuple[Series, list[InSeries]]:
    """Return a series and the sessions that are meant: one, from one on, or all that are to come."""
    series = side.series(public_id)
    sessions = sessions_of(db.session(), series.id)
    rest = rest_of(sessions, since_of(sessions, request.values.get("since", "")))
    if not rest:
        raise ImpossibleStep("Nothing of this series is still to come.")
    return series, rest[:1] if request.values.get("only") else rest


def _page(side: Side, series: Series, rest: Sequence[InSeries], form: CancelSeriesForm) -> str:
    rows = consequences_of(db.session(), [each.id for each in rest])
    page = CancelPage(title_of(series), len(rest), not form.only.data, rows, side.url("series", series.public_id))
    hints = {"client": sum_words(rows), "practice": "This costs the client nothing, whenever it is."}
    return render_template("series/cancel.html", page=page, form=form, hints=hints)
