"""A therapist's own hours: every page is one of ``web.hours``, about whoever is signed in."""

from flask import g
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.hours import single, weekly
from practice.web.hours.owner import Owner, owner_of
from practice.web.therapist.blueprint import bp


def _owner() -> Owner:
    return owner_of(g.identity.therapist_id, "therapist.hours")


@bp.get("/hours")
@requires(Permission.OWN_HOURS)
def hours() -> ResponseReturnValue:
    """Show all hours, and the sessions outside them."""
    return weekly.overview(_owner(), "therapist.appointment")


@bp.get("/hours/new")
@requires(Permission.OWN_HOURS)
def hours_new() -> ResponseReturnValue:
    """Ask for new weekly hours."""
    return weekly.new_page(_owner())


@bp.post("/hours/new")
@requires(Permission.OWN_HOURS)
def hours_add() -> ResponseReturnValue:
    """Add weekly hours."""
    return weekly.add(_owner())


@bp.get("/hours/<public_id>/change")
@requires(Permission.OWN_HOURS)
def hours_change(public_id: str) -> ResponseReturnValue:
    """Show weekly hours to change."""
    return weekly.change_page(_owner(), public_id)


@bp.post("/hours/<public_id>/change")
@requires(Permission.OWN_HOURS)
def hours_change_now(public_id: str) -> ResponseReturnValue:
    """Change weekly hours from a day on."""
    return weekly.change(_owner(), public_id)


@bp.get("/hours/<public_id>/end")
@requires(Permission.OWN_HOURS)
def hours_end(public_id: str) -> ResponseReturnValue:
    """Ask for the last day of weekly hours."""
    return weekly.end_page(_owner(), public_id)


@bp.post("/hours/<public_id>/end")
@requires(Permission.OWN_HOURS)
def hours_end_now(public_id: str) -> ResponseReturnValue:
    """End weekly hours."""
    return weekly.end(_owner(), public_id)


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


@bp.post("/hours/dates/<on>")
@requires(Permission.OWN_HOURS)
def hours_date_set(on: str) -> ResponseReturnValue:
    """Give one date its own hours."""
    return single.set_date(_owner(), on)


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
