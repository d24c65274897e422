"""What is coming and what was: the start page, one session, its calendar file."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Attendance
from practice.queries.appointments import attendance_by_public_id, attendances_of
from practice.web.access import requires
from practice.web.calendar_file import calendar_file as session_file
from practice.web.client.blueprint import bp
from practice.web.client.presenting import HomeView, SessionView, session_view
from practice.web.frame import the_facts
from practice.web.paging import PageLinks, read_page
from practice.web.reading import note_read

COMING, PAST = 50, 10


@bp.get("")
@requires(Permission.OWN_APPOINTMENTS)
def home() -> ResponseReturnValue:
    """Show the next session, those after it, and a page of the past."""
    page, whose = read_page(request.args), g.identity.client_ids
    coming = [view_of(each) for each in _coming(page)]
    past = attendances_of(db.session(), whose, now=g.now, is_past=True, page=page, per_page=PAST)
    view = HomeView(
        next=coming[0] if coming else None,
        coming=coming[1:],
        past=[view_of(each) for each in past[:PAST]],
        pages=_pages(page, has_more=len(past) > PAST),
        names_clients=len(whose) > 1,
    )
    note_read("sessions.read", ("account", g.identity.id))
    return render_template("client/home.html", view=view)


@bp.get("/sessions/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def show(public_id: str) -> ResponseReturnValue:
    """Show one session: where, when, with whom, what to expect, and what can be changed."""
    return render_template("client/session.html", view=view_of(own_attendance(public_id)))


@bp.get("/sessions/<public_id>.ics")
@requires(Permission.OWN_APPOINTMENTS)
def calendar_file(public_id: str) -> ResponseReturnValue:
    """Give one session as a calendar file; unless asked, its title says nothing of what it is for."""
    return session_file(own_attendance(public_id).appointment, the_facts())


def own_attendance(public_id: str) -> Attendance:
    """Return a place of somebody whom this identity acts for, and note the read. Raises NotFound for any other."""
    attendance = attendance_by_public_id(db.session(), public_id)
    if attendance is None or attendance.client_id not in g.identity.client_ids:
        raise NotFound
    note_read("session.read", ("attendance", public_id))
    return attendance


def own_to_change(public_id: str) -> Attendance:
    """Return a place of somebody whom this identity may book for. Raises NotFound for any other."""
    attendance = own_attendance(public_id)
    if attendance.client_id not in g.identity.books_for:
        raise NotFound
    return attendance


def view_of(attendance: Attendance) -> SessionView:
    """Return the session as whoever asks sees it: what they may not do is not offered."""
    may_change = attendance.client_id in g.identity.books_for
    return session_view(attendance, the_facts(), g.now, may_change=may_change)


def _coming(page: int) -> list[Attendance]:
    """Return what is still to come, on the first page only."""
    if page > 1:
        return []
    return list(attendances_of(db.session(), g.identity.client_ids, now=g.now, per_page=COMING - 1))


def _pages(page: int, *, has_more: bool) -> PageLinks:
    return PageLinks(
        words=f"Page {page}",
        previous_href=url_for(".home", page=page - 1) if page > 1 else "",
        next_href=url_for(".home", page=page + 1) if has_more else "",
    )
