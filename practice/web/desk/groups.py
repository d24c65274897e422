"""The groups' dates and courses, all of them: every page is one of ``web.groups``."""

from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.groups import courses, dates
from practice.web.groups.keeper import Keeper

KEEPER = Keeper("desk")


@bp.get("/groups")
@requires(Permission.DESK)
def groups() -> ResponseReturnValue:
    """Show the groups with their courses and dates."""
    return dates.groups(KEEPER)


@bp.get("/groups/<slug>/dates/new")
@requires(Permission.DESK)
def new_group_date(slug: str) -> ResponseReturnValue:
    """Ask when, with whom and where."""
    return dates.new_date(KEEPER, slug)


@bp.post("/groups/<slug>/dates/new")
@requires(Permission.DESK)
def add_group_date(slug: str) -> ResponseReturnValue:
    """Make the date."""
    return dates.make_date(KEEPER, slug)


@bp.get("/groups/dates/<public_id>/change")
@requires(Permission.DESK)
def group_date_change(public_id: str) -> ResponseReturnValue:
    """Ask how a date is to be."""
    return dates.change(KEEPER, public_id)


@bp.post("/groups/dates/<public_id>/change")
@requires(Permission.DESK)
def group_date_save(public_id: str) -> ResponseReturnValue:
    """Change it."""
    return dates.save_change(KEEPER, public_id)


@bp.get("/groups/dates/<public_id>/cancel")
@requires(Permission.DESK)
def group_date_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling a date means."""
    return dates.cancel(KEEPER, public_id)


@bp.post("/groups/dates/<public_id>/cancel")
@requires(Permission.DESK)
def group_date_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel it for everybody."""
    return dates.cancel_now(KEEPER, public_id)


@bp.get("/groups/dates/<public_id>/lead")
@requires(Permission.DESK)
def group_lead(public_id: str) -> ResponseReturnValue:
    """Show who is free to lead a date instead."""
    return dates.lead(KEEPER, public_id)


@bp.post("/groups/dates/<public_id>/lead")
@requires(Permission.DESK)
def group_lead_take(public_id: str) -> ResponseReturnValue:
    """Let somebody else lead it."""
    return dates.take_lead(KEEPER, public_id)


@bp.post("/groups/dates/<public_id>/lead/undo")
@requires(Permission.DESK)
def group_lead_undo(public_id: str) -> ResponseReturnValue:
    """Take it back."""
    return dates.undo_lead(KEEPER, public_id)


@bp.get("/groups/<slug>/courses/new")
@requires(Permission.DESK)
def group_course_new(slug: str) -> ResponseReturnValue:
    """Ask for a course."""
    return courses.new(KEEPER, slug)


@bp.get("/groups/<slug>/courses/check")
@requires(Permission.DESK)
def group_course_check(slug: str) -> ResponseReturnValue:
    """List every date of a course first."""
    return courses.check(KEEPER, slug)


@bp.post("/groups/<slug>/courses/new")
@requires(Permission.DESK)
def group_course_make(slug: str) -> ResponseReturnValue:
    """Make the dates that were ticked."""
    return courses.make(KEEPER, slug)


@bp.get("/groups/courses/<public_id>")
@requires(Permission.DESK)
def group_course(public_id: str) -> ResponseReturnValue:
    """Show a course with its dates."""
    return courses.show(KEEPER, public_id)


@bp.get("/groups/courses/<public_id>/cancel")
@requires(Permission.DESK)
def group_course_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling a course means."""
    return courses.cancel(KEEPER, public_id)


@bp.post("/groups/courses/<public_id>/cancel")
@requires(Permission.DESK)
def group_course_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel all of it that is still to come."""
    return courses.cancel_now(KEEPER, public_id)
