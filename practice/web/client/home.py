"""What is coming and what was: the start page, one session, its calendar file."""

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.ical_export import EventView, render_appointment
from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Attendance
from practice.queries.appointments import attendance_by_public_id, attendances_of
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.presenting import HomeView, PageLinks, consequence, session_view
from practice.web.frame import the_facts
from practice.web.reading import note_read

PER_PAGE = 20


@bp.get("")
@requires(Permission.OWN_APPOINTMENTS)
def home() -> ResponseReturnValue:
    """Show the next session, those after it, and a page of the past."""
    page = page_number()
    facts, now, session = the_facts(), g.now, db.session()
    coming = [session_view(each, facts, now) for each in attendances_of(session, g.identity.client_ids, now=now)]
    past = attendances_of(session, g.identity.client_ids, now=now, is_past=True, page=page, per_page=PER_PAGE)
    view = HomeView(
        next=coming[0] if coming and page == 1 else None,
        coming=coming[1:] if page == 1 else (),
        past=[session_view(each, facts, now) for each in past[:PER_PAGE]],
    )
    note_read("sessions.read", ("account", g.identity.id))
    return render_template("client/home.html", view=view, pages=_pages(page, has_more=len(past) > PER_PAGE))


@bp.get("/sessions/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def show(public_id: str) -> ResponseReturnValue:
    """Show one session: where, when, with whom, what to expect, and what can be changed."""
    attendance = own_attendance(public_id)
    facts = the_facts()
    return render_template(
        "client/session.html",
        view=session_view(attendance, facts, g.now),
        consequence=consequence(attendance, facts, g.now),
    )


@bp.get("/sessions/<public_id>.ics")
@requires(Permission.OWN_APPOINTMENTS)
def calendar_file(public_id: str) -> ResponseReturnValue:
    """Give one session as a calendar file, with a title that says nothing."""
    attendance = own_attendance(public_id)
    appointment = attendance.appointment
    event = EventView(
        uid=appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=appointment.zone,
        status="booked" if appointment.status == "booked" else "cancelled",
        revised_at=appointment.revised_at,
        title="Appointment",
        location=appointment.location.address if appointment.location else None,
    )
    return Response(
        render_appointment(event),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=appointment.ics"},
    )


def own_attendance(public_id: str) -> Attendance:
    """Return a place of somebody whom this identity acts for, and note the read. Raises NotFound for any other."""
    attendance = attendance_by_public_id(db.session(), public_id)
    if attendance is None or attendance.client_id not in g.identity.client_ids:
        raise NotFound
    note_read("session.read", ("attendance", public_id))
    return attendance


def page_number() -> int:
    """Return which page is asked for: a whole number from 1 to 10,000. Raises NotFound for anything else."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 10_000:
        raise NotFound
    return int(text)


def _pages(page: int, *, has_more: bool) -> PageLinks:
    return PageLinks(
        previous_href=url_for(".home", page=page - 1) if page > 1 else "",
        next_href=url_for(".home", page=page + 1) if has_more else "",
        words=f"Page {page}",
    )
