"""The hours of any therapist: every page is one of ``web.hours``, about whom the address names."""

from flask import g, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.services.team import therapist_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.hours import single, undoing, weekly
from practice.web.hours.owner import Owner, owner_of


def _owner(slug: str) -> Owner:
    found = therapist_named(db.session(), slug)
    sessions = "desk.appointment" if g.identity.can(Permission.DESK) else ""
    return owner_of(
        found.id, "admin.hours", back_href=url_for("admin.therapists"), session_endpoint=sessions, slug=slug
    )


@bp.get("/therapists/<slug>/hours")
@requires(Permission.ADMIN)
def hours(slug: str) -> ResponseReturnValue:
    """Show all hours, and the sessions outside them."""
    return weekly.overview(_owner(slug))


@bp.get("/therapists/<slug>/hours/weekly")
@requires(Permission.ADMIN)
def hours_weekly(slug: str) -> ResponseReturnValue:
    """Show a weekday's hours, to change them or to copy them to other days."""
    return weekly.edit_page(_owner(slug))


@bp.get("/therapists/<slug>/hours/weekly/check")
@requires(Permission.ADMIN)
def hours_weekly_check(slug: str) -> ResponseReturnValue:
    """Show what new weekly hours would change, and whom they would leave outside."""
    return weekly.check(_owner(slug))


@bp.post("/therapists/<slug>/hours/weekly")
@requires(Permission.ADMIN)
def hours_weekly_save(slug: str) -> ResponseReturnValue:
    """Let new weekly hours hold."""
    return weekly.save_weekly(_owner(slug))


@bp.post("/therapists/<slug>/hours/undo")
@requires(Permission.ADMIN)
def hours_undo(slug: str) -> ResponseReturnValue:
    """Take back what was just saved."""
    return undoing.undo(_owner(slug))


@bp.get("/therapists/<slug>/hours/dates")
@requires(Permission.ADMIN)
def hours_dates(slug: str) -> ResponseReturnValue:
    """Lead to one date's hours."""
    return single.dates(_owner(slug))


@bp.get("/therapists/<slug>/hours/dates/<on>")
@requires(Permission.ADMIN)
def hours_date(slug: str, on: str) -> ResponseReturnValue:
    """Show one date's hours."""
    return single.date_page(_owner(slug), on)


@bp.get("/therapists/<slug>/hours/dates/<on>/check")
@requires(Permission.ADMIN)
def hours_date_check(slug: str, on: str) -> ResponseReturnValue:
    """Show what one date's own hours would change."""
    return single.check_date(_owner(slug), on)


@bp.post("/therapists/<slug>/hours/dates/<on>")
@requires(Permission.ADMIN)
def hours_date_set(slug: str, on: str) -> ResponseReturnValue:
    """Give one date its own hours."""
    return single.set_date(_owner(slug), on)


@bp.get("/therapists/<slug>/hours/dates/<on>/clear")
@requires(Permission.ADMIN)
def hours_date_clear_check(slug: str, on: str) -> ResponseReturnValue:
    """Show what it would change if one date followed the weekly hours again."""
    return single.check_clear(_owner(slug), on)


@bp.post("/therapists/<slug>/hours/dates/<on>/clear")
@requires(Permission.ADMIN)
def hours_date_clear(slug: str, on: str) -> ResponseReturnValue:
    """Let one date follow the weekly hours again."""
    return single.clear_date(_owner(slug), on)


@bp.get("/therapists/<slug>/hours/time-off")
@requires(Permission.ADMIN)
def hours_time_off(slug: str) -> ResponseReturnValue:
    """Ask when somebody is away."""
    return single.time_off_page(_owner(slug))


@bp.get("/therapists/<slug>/hours/time-off/check")
@requires(Permission.ADMIN)
def hours_time_off_check(slug: str) -> ResponseReturnValue:
    """Show time off, and whom it would touch."""
    return single.check_off(_owner(slug))


@bp.post("/therapists/<slug>/hours/time-off")
@requires(Permission.ADMIN)
def hours_time_off_add(slug: str) -> ResponseReturnValue:
    """Take time off."""
    return single.add_off(_owner(slug))


@bp.post("/therapists/<slug>/hours/time-off/<public_id>/remove")
@requires(Permission.ADMIN)
def hours_time_off_remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Take time off back."""
    return single.remove_off(_owner(slug), public_id)
