"""Sessions that repeat, for the desk: every page is one of ``web.series``."""

from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.series import cancelling, looking, moving, repeating
from practice.web.series.side import Side

DESK = Side("desk")


@bp.get("/appointments/<public_id>/repeat")
@requires(Permission.DESK)
def series_repeat(public_id: str) -> ResponseReturnValue:
    """Ask how often a session repeats, and until when."""
    return repeating.ask(DESK, public_id)


@bp.get("/appointments/<public_id>/repeat/dates")
@requires(Permission.DESK)
def series_repeat_dates(public_id: str) -> ResponseReturnValue:
    """List every date, each conflict with its reason and what can be done about it."""
    return repeating.dates(DESK, public_id)


@bp.get("/appointments/<public_id>/repeat/check")
@requires(Permission.DESK)
def series_repeat_check(public_id: str) -> ResponseReturnValue:
    """Show the series as it will be made."""
    return repeating.check(DESK, public_id)


@bp.post("/appointments/<public_id>/repeat")
@requires(Permission.DESK)
def series_repeat_make(public_id: str) -> ResponseReturnValue:
    """Make the series."""
    return repeating.make(DESK, public_id)


@bp.get("/series/<public_id>")
@requires(Permission.DESK)
def series(public_id: str) -> ResponseReturnValue:
    """Show a series with all of its dates."""
    return looking.show(DESK, public_id)


@bp.get("/series/<public_id>/move")
@requires(Permission.DESK)
def series_move(public_id: str) -> ResponseReturnValue:
    """Ask for another day and time of the rest of a series."""
    return moving.ask(DESK, public_id)


@bp.get("/series/<public_id>/move/dates")
@requires(Permission.DESK)
def series_move_dates(public_id: str) -> ResponseReturnValue:
    """List every date that it would have, each conflict with its reason."""
    return moving.dates(DESK, public_id)


@bp.get("/series/<public_id>/move/check")
@requires(Permission.DESK)
def series_move_check(public_id: str) -> ResponseReturnValue:
    """Show the series as it will be."""
    return moving.check(DESK, public_id)


@bp.post("/series/<public_id>/move")
@requires(Permission.DESK)
def series_move_make(public_id: str) -> ResponseReturnValue:
    """Move the rest of a series."""
    return moving.make(DESK, public_id)


@bp.get("/series/<public_id>/cancel")
@requires(Permission.DESK)
def series_cancel(public_id: str) -> ResponseReturnValue:
    """Ask who cancels the rest of a series, and say what that means for each session."""
    return cancelling.ask(DESK, public_id)


@bp.post("/series/<public_id>/cancel")
@requires(Permission.DESK)
def series_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel the rest of a series."""
    return cancelling.cancel(DESK, public_id)


@bp.post("/series/<public_id>/cancel/undo")
@requires(Permission.DESK)
def series_undo(public_id: str) -> ResponseReturnValue:
    """Take a cancellation back, for as long as nobody was told of it."""
    return cancelling.undo(DESK, public_id)
