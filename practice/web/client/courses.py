"""A client's places in a course: all their dates, and giving up all that come, each consequence said before."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Attendance, AttendanceStatus
from practice.queries.courses import course_of_place, places_in_course
from practice.services.enrolling import cancel_enrolment, undo_enrolment
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import own_attendance, own_to_change, reader_of, the_own
from practice.web.client.presenting import SessionView, session_view
from practice.web.frame import the_facts


@dataclass(frozen=True, slots=True)
class CourseView:
    """A client's dates of a course; ``open`` are those that can still be cancelled."""

    public_id: str
    name: str
    whose: str
    dates: tuple[SessionView, ...]
    open: tuple[SessionView, ...]
    can_undo: bool


@bp.get("/sessions/<public_id>/course")
@requires(Permission.OWN_APPOINTMENTS)
def course(public_id: str) -> ResponseReturnValue:
    """Show all dates of the course that a place is part of."""
    return render_template("client/course.html", view=_view(own_attendance(public_id)))


@bp.get("/sessions/<public_id>/course/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def course_cancel(public_id: str) -> ResponseReturnValue:
    """Say what cancelling all dates that come means for each, and offer it."""
    return render_template("client/course_cancel.html", view=_view(own_to_change(public_id)))


@bp.post("/sessions/<public_id>/course/cancel")
@requires(Permission.OWN_APPOINTMENTS)
def course_cancel_now(public_id: str) -> ResponseReturnValue:
    """Cancel all of them."""
    place = own_to_change(public_id)
    view, course_id, client_id = _view(place), _course_id(place), place.client.public_id
    if view.open:  # otherwise the button was pressed twice
        in_unit_of_work(lambda session: cancel_enrolment(session, course_id, client_id, by=g.identity, now=g.now))
        flash("All dates to come are cancelled. There is nothing more to do.", "good")
    return redirect(url_for(".course", public_id=public_id), 303)


@bp.post("/sessions/<public_id>/course/undo")
@requires(Permission.OWN_APPOINTMENTS)
def course_undo(public_id: str) -> ResponseReturnValue:
    """Take that back, for as long as nobody was told of it."""
    place = own_to_change(public_id)
    course_id, client_id = _course_id(place), place.client.public_id
    in_unit_of_work(lambda session: undo_enrolment(session, course_id, client_id, by=g.identity, now=g.now))
    flash("All dates are booked, as before.", "good")
    return redirect(url_for(".course", public_id=public_id), 303)


def _course_id(place: Attendance) -> str:
    found = course_of_place(db.session(), place.appointment.course_id)
    if found is None:
        raise NotFound
    return found.public_id


def _view(place: Attendance) -> CourseView:
    found = course_of_place(db.session(), place.appointment.course_id)
    if found is None:
        raise NotFound
    places = places_in_course(db.session(), found.id, place.client_id)
    reader = reader_of(the_own(), [])
    dates = tuple(session_view(each, the_facts(), g.now, reader) for each in places)
    return CourseView(
        public_id=place.public_id,
        name=found.name,
        whose=dates[0].for_whom,
        dates=dates,
        open=tuple(each for each in dates if each.is_open),
        can_undo=sum(each.can_undo for each in dates) > 1
        and not any(each.is_open for each in dates)
        and place.status != AttendanceStatus.CANCELLED_BY_PRACTICE,
    )
