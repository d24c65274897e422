"""A therapist's own hours: every page is one of ``web.hours``, about whoever is signed in."""

from flask import g
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.hours import single, undoing, weekly
from practice.web.hours.owner import Owner, owner_of
from practice.web.therapist.blueprint import bp


def _owner() -> Owner:
    return owner_of(g.identity.therapist_id, "therapist.hours", session_endpoint="therapist.appointment")


@bp.get("/hours")
@requires(Permission.OWN_HOURS)
def hours() -> ResponseReturnValue:
    """Show all hours, and the sessions outside them."""
    return weekly.overview(_owner())


@bp.get("/hours/weekly")
@requires(Permission.OWN_HOURS)
def hours_weekly() -> ResponseReturnValue:
    """Show a weekday's hours, to change them or to copy them to other days."""
    return weekly.edit_page(_owner())


@bp.get("/hours/weekly/check")
@requires(Permission.OWN_HOURS)
def hours_weekly_check() -> ResponseReturnValue:
    """Show what new weekly hours would change, and whom they would leave outside."""
    return weekly.check(_owner())


@bp.post("/hours/weekly")
@requires(Permission.OWN_HOURS)
def hours_weekly_save() -> ResponseReturnValue:
    """Let new weekly hours hold."""
    return weekly.save_weekly(_owner())


@bp.post("/hours/undo")
@requires(Permission.OWN_HOURS)
def hours_undo() -> ResponseReturnValue:
    """Take back what was just saved."""
    return undoing.undo(_owner())


@bp.get("/hours/dates")
@requires(Permission.OWN_HOURS)
def hours_dates() -> ResponseReturnValue:
    """Lead to one date's hours."""
    return single.dates(_owner())


@bp.get("/hours/dates/<on>")
@requires(Permission.OWN_HOURS)
def hours_date(on: str) -> ResponseReturnValue:
    """Show one date's hours."""
    return single.date_page(_owner(), on)


@bp.get("/hours/dates/<on>/check")
@requires(Permission.OWN_HOURS)
def hours_date_check(on: str) -> ResponseReturnValue:
    """Show what one date's own hours would change."""
    return single.check_date(_owner(), on)


@bp.post("/hours/dates/<on>")
@requires(Permission.OWN_HOURS)
def hours_date_set(on: str) -> ResponseReturnValue:
    """Give one date its own hours."""
    return single.set_date(_owner(), on)


@bp.get("/hours/dates/<on>/clear")
@requires(Permission.OWN_HOURS)
def hours_date_clear_check(on: str) -> ResponseReturnValue:
    """Show what it would change if one date followed the weekly hours again."""
    return single.check_clear(_owner(), on)


@bp.post("/hours/dates/<on>/clear")
@requires(Permission.OWN_HOURS)
def hours_date_clear(on: str) -> ResponseReturnValue:
    """Let one date follow the weekly hours again."""
    return single.clear_date(_owner(), on)


@bp.get("/hours/time-off")
@requires(Permission.OWN_HOURS)
def hours_time_off() -> ResponseReturnValue:
    """Ask when the therapist is away."""
    return single.time_off_page(_owner())


@bp.get("/hours/time-off/check")
@requires(Permission.OWN_HOURS)
def hours_time_off_check() -> ResponseReturnValue:
    """Show time off, and whom it would touch."""
    return single.check_off(_owner())


@bp.post("/hours/time-off")
@requires(Permission.OWN_HOURS)
def hours_time_off_add() -> ResponseReturnValue:
    """Take time off."""
    return single.add_off(_owner())


@bp.post("/hours/time-off/<public_id>/remove")
@requires(Permission.OWN_HOURS)
def hours_time_off_remove(public_id: str) -> ResponseReturnValue:
    """Take time off back."""
    return single.remove_off(_owner(), public_id)
