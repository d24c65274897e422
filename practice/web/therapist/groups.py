"""The groups that a therapist leads or co-leads: every page is one of ``web.groups``."""

from flask import g
from flask.typing import ResponseReturnValue

from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.groups import courses, dates
from practice.web.groups.keeper import Keeper
from practice.web.therapist.blueprint import bp


def _keeper() -> Keeper:
    if g.identity.therapist_id is None:
        raise NotFound("This account leads no groups.")
    return Keeper("therapist", g.identity.therapist_id)


@bp.get("/groups")
@requires(Permission.OWN_CALENDAR)
def groups() -> ResponseReturnValue:
    """Show the groups with their courses and dates."""
    return dates.groups(_keeper())


@bp.get("/groups/<slug>/dates/new")
@requires(Permission.OWN_CALENDAR)
def new_group_date(slug: str) -> ResponseReturnValue:
    """Ask when, with whom and where."""
    return dates.new_date(_keeper(), slug)


@bp.post("/groups/<slug>/dates/new")
@requires(Permission.OWN_CALENDAR)
def add_group_date(slug: str) -> ResponseReturnValue:
    """Make the date."""
    return dates.make_date(_keeper(), slug)


@bp.get("/groups/dates/<public_id>/change")
@requires(Permission.OWN_CALENDAR)
def group_date_change(public_id: str) -> ResponseReturnValue:
    """Ask how a date is to be."""
    return dates.change(_keeper(), public_id)


@bp.post("/groups/dates/<public_id>/change")
@requires(Permission.OWN_CALENDAR)
def group_date_save(public_id: str) -> ResponseReturnValue:
    """Change it."""
    return dates.save_change(_keeper(), public_id)


@bp.get("/groups/dates/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def group_date_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling a date means."""
    return dates.cancel(_keeper(), public_id)


@bp.post("/groups/dates/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def group_date_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel it for everybody."""
    return dates.cancel_now(_keeper(), public_id)


@bp.get("/groups/dates/<public_id>/lead")
@requires(Permission.OWN_CALENDAR)
def group_lead(public_id: str) -> ResponseReturnValue:
    """Show who is free to lead a date instead."""
    return dates.lead(_keeper(), public_id)


@bp.post("/groups/dates/<public_id>/lead")
@requires(Permission.OWN_CALENDAR)
def group_lead_take(public_id: str) -> ResponseReturnValue:
    """Let somebody else lead it."""
    return dates.take_lead(_keeper(), public_id)


@bp.post("/groups/dates/<public_id>/lead/undo")
@requires(Permission.OWN_CALENDAR)
def group_lead_undo(public_id: str) -> ResponseReturnValue:
    """Take it back."""
    return dates.undo_lead(_keeper(), public_id)


@bp.get("/groups/<slug>/courses/new")
@requires(Permission.OWN_CALENDAR)
def group_course_new(slug: str) -> ResponseReturnValue:
    """Ask for a course."""
    return courses.new(_keeper(), slug)


@bp.get("/groups/<slug>/courses/check")
@requires(Permission.OWN_CALENDAR)
def group_course_check(slug: str) -> ResponseReturnValue:
    """List every date of a course first."""
    return courses.check(_keeper(), slug)


@bp.post("/groups/<slug>/courses/new")
@requires(Permission.OWN_CALENDAR)
def group_course_make(slug: str) -> ResponseReturnValue:
    """Make the dates that were ticked."""
    return courses.make(_keeper(), slug)


@bp.get("/groups/courses/<public_id>")
@requires(Permission.OWN_CALENDAR)
def group_course(public_id: str) -> ResponseReturnValue:
    """Show a course with its dates."""
    return courses.show(_keeper(), public_id)


@bp.get("/groups/courses/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def group_course_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling a course means."""
    return courses.cancel(_keeper(), public_id)


@bp.post("/groups/courses/<public_id>/cancel")
@requires(Permission.OWN_CALENDAR)
def group_course_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel all of it that is still to come."""
    return courses.cancel_now(_keeper(), public_id)
