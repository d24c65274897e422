"""A series as its client sees it: one thing with its dates, which can be cancelled from any of them on."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Optional

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Series
from practice.queries.series import InSeries, people_of, places_of, series_by_public_id
from practice.services.series_changes import cancel_from
from practice.services.series_undoing import undo_cancellation
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.series_shown import cancel_view, series_view
from practice.web.forms.base import BaseForm
from practice.web.reading import note_read
from practice.web.series.shown import rest_of


class FromForm(BaseForm):
    """From which session on: the public id of its place, or nothing for all that are to come."""

    since = HiddenField("From", [Optional()])


@bp.get("/series/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def series(public_id: str) -> ResponseReturnValue:
    """Show a series with all of its dates."""
    found, places = _own(public_id)
    return render_template("client/series.html", view=series_view(found, places, can_change=_may_change(found)))


@bp.get("/series/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def series_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling the rest of a series means for each of its sessions, and offer it."""
    found, rest = _rest(public_id, request.args.get("since", ""))
    return render_template("client/series_cancel.html", view=cancel_view(found, rest, request.args.get("since", "")))


@bp.post("/series/<public_id>/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def series_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel the rest of a series."""
    form = FromForm(request.form)
    if not form.validate():
        raise ValidationFailed
    found, rest = _rest(public_id, str(form.since.data or ""))
    since = rest[0].original_starts_at if rest and form.since.data else None
    if rest:  # otherwise they are cancelled already: the button was pressed twice
        in_unit_of_work(
            lambda session: cancel_from(session, found.public_id, since, by=g.identity, now=g.now, by_practice=False)
        )
        flash("These sessions are cancelled. There is nothing more to do.", "good")
    return redirect(url_for(".series", public_id=public_id), 303)


@bp.post("/series/<public_id>/cancel/undo")
@requires(Permission.OWN_APPOINTMENTS)
def series_undo(public_id: str) -> ResponseReturnValue:
    """Take the cancellation back, for as long as nobody was told of it."""
    found, _ = _own(public_id)
    if not _may_change(found):
        raise NotFound
    try:
        in_unit_of_work(lambda session: undo_cancellation(session, public_id, by=g.identity, now=g.now))
    except (SlotTaken, ImpossibleStep) as error:
        flash(error.message, "problem")
    else:
        flash("Your sessions are booked, as they were before.", "good")
    return redirect(url_for(".series", public_id=public_id), 303)


def _own(public_id: str) -> tuple[Series, list[InSeries]]:
    """Return a series with the places of those whom this identity acts for. Raises NotFound where there are none."""
    found = series_by_public_id(db.session(), public_id)
    places = places_of(db.session(), found.id, sorted(g.identity.client_ids)) if found else []
    if found is None or not places:
        raise NotFound
    note_read("series.read", ("series", public_id))
    return found, places


def _rest(public_id: str, since: str) -> tuple[Series, list[InSeries]]:
    """Return a series and the sessions that are still to come, from a place on. Raises NotFound where it may not be."""
    found, places = _own(public_id)
    if not _may_change(found):
        raise NotFound
    original = next((each.original_starts_at for each in places if each.attendance == since), None)
    if since and original is None:
        raise NotFound
    return found, rest_of(places, original)


def _may_change(found: Series) -> bool:
    """Whether this identity books for everybody who comes: one of two cannot speak for the other."""
    books_for: frozenset[int] = g.identity.books_for
    return books_for.issuperset(each.id for each in people_of(db.session(), found.id))
