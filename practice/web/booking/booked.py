"""What was booked, for the browser that booked it: where, when, with whom, what next, and the calendar file."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Appointment
from practice.queries.acting_for import oneself
from practice.queries.appointments import appointment_by_public_id
from practice.queries.group_offers import dates_from
from practice.queries.partners import waiting_in
from practice.services.partners import partner_link as make_partner_link
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.booked_shown import booked_page
from practice.web.booking.browser import has_booked, has_booked_course
from practice.web.calendar_file import calendar_file as session_file
from practice.web.frame import the_facts
from practice.web.partner_links import HandOn, hand_on, show_next
from practice.web.reading import note_read


@bp.get("/booked/<public_id>")
@requires(Permission.PUBLIC)
def booked(public_id: str) -> ResponseReturnValue:
    """Say that it is booked, and what comes next."""
    identity, found = g.identity, _own(public_id)
    self_ = oneself(db.session(), identity.account_id, identity.client_ids) if identity.client_ids else None
    dates = dates_from(db.session(), found) if has_booked_course(public_id) else ()
    page = booked_page(found, the_facts(), g.now, identity, own_id=self_.id if self_ else None, dates=dates)
    return render_template("booking/booked.html", page=page, partner=_partner(public_id))


@bp.post("/booked/<public_id>/partner-link")
@requires(Permission.PUBLIC)
def partner_link(public_id: str) -> ResponseReturnValue:
    """Make a new link to hand on; the one before ends."""
    _own(public_id)
    token = in_unit_of_work(lambda session: make_partner_link(session, public_id, by=g.identity, now=g.now))
    show_next(public_id, token)
    return redirect(url_for(".booked", public_id=public_id), 303)


@bp.get("/booked/<public_id>/session.ics")
@requires(Permission.PUBLIC)
def calendar_file(public_id: str) -> ResponseReturnValue:
    """Give the appointment to a calendar; unless asked, its title says nothing of what it is for."""
    found = _own(public_id)
    return session_file(found, the_facts(), dates_from(db.session(), found) if has_booked_course(public_id) else ())


def _has_changed_unseen(found: Appointment) -> bool:
    """Whether the session changed since it was booked, for somebody who may book but not see times."""
    clients = {row.client_id for row in found.attendances}
    is_theirs, sees = clients & g.identity.books_for, clients & g.identity.client_ids
    return bool(is_theirs) and not sees and found.sequence > 0


def _partner(public_id: str) -> HandOn | None:
    """Return what is said of a partner whose agreement is waited for; to themselves it is not said."""
    waiting = waiting_in(db.session(), public_id)
    if waiting is None or waiting.client_id in g.identity.acts_for:
        return None
    return hand_on(waiting.name, public_id, url_for(".partner_link", public_id=public_id))


def _own(public_id: str) -> Appointment:
    found = appointment_by_public_id(db.session(), public_id) if has_booked(public_id) else None
    if found is None or _has_changed_unseen(found):
        raise NotFound
    note_read("appointment.read", ("appointment", public_id))
    return found
