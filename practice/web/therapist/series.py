"""Sessions that repeat, for their therapist: every page is one of ``web.series``."""

from flask import g
from flask.typing import ResponseReturnValue

from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.series import cancelling, looking, moving, repeating
from practice.web.series.side import Side
from practice.web.therapist.blueprint import bp


def own() -> Side:
    """Return the side of the therapist who is signed in. Raises NotFound for an account without a calendar."""
    if g.identity.therapist_id is None:
        raise NotFound("This account has no calendar of its own.")
    return Side("therapist", g.identity.therapist_id)


@bp.get("/appointments/<public_id>/repeat")
@requires(Permission.OWN_CALENDAR)
def series_repeat(public_id: str) -> ResponseReturnValue:
    """Ask how often a session repeats, and until when."""
    return repeating.ask(own(), public_id)


@bp.get("/appointments/<public_id>/repeat/dates")
@requires(Permission.OWN_CALENDAR)
def series_repeat_dates(public_id: str) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    return repeating.dates(own(), public_id)


@bp.get("/appointments/<public_id>/repeat/check")
@requires(Permission.OWN_CALENDAR)
def series_repeat_check(public_id: str) -> ResponseReturnValue:
    """Show the series as it will be made."""
    return repeating.check(own(), public_id)


@bp.post("/appointments/<public_id>/repeat")
@requires(Permission.OWN_CALENDAR)
def series_repeat_make(public_id: str) -> ResponseReturnValue:
    """Make the series."""
    return repeating.make(own(), public_id)


@bp.get("/series/<public_id>")
@requires(Permission.OWN_CALENDAR)
def series(public_id: str) -> ResponseReturnValue:
    """Show a series with all of its dates."""
    return looking.show(own(), public_id)


@bp.get("/series/<public_id>/move")
@requires(Permission.OWN_CALENDAR)
def series_move(public_id: str) -> ResponseReturnValue:
    """Ask for another day and time of the rest of a series."""
    return moving.ask(own(), public_id)


@bp.get("/series/<public_id>/move/dates")
@requires(Permission.OWN_CALENDAR)
def series_move_dates(public_id: str) -> ResponseReturnValue:
    """List every date that it would have, each conflict with its reason."""
    return moving.dates(own(), public_id)


@bp.get("/series/<public_id>/move/check")
@requires(Permission.OWN_CALENDAR)
def series_move_check(public_id: str) -> ResponseReturnValue:
    """Show the series as it will be."""
    return moving.check(own(), public_id)


@bp.post("/series/<public_id>/move")
@requires(Permission.OWN_CALENDAR)
def series_move_make(public_id: str) -> ResponseReturnValue:
    """Move the rest of a series."""
    return moving.make(own(), public_id)


@bp.get("/series/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def series_cancel(public_id: str) -> ResponseReturnValue:
    """Ask who cancels the rest of a series, and say what that means for each session."""
    return cancelling.ask(own(), public_id)


@bp.post("/series/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def series_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel the rest of a series."""
    return cancelling.cancel(own(), public_id)


@bp.post("/series/<public_id>/cancel/undo")
@requires(Permission.OWN_CALENDAR)
def series_undo(public_id: str) -> ResponseReturnValue:
    """Take a cancellation back, for as long as nobody was told of it."""
    return cancelling.undo(own(), public_id)
