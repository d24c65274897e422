"""The link for the other one of two, made anew from the session's page."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.permissions import Permission
from practice.services.partners import partner_link as make_partner_link
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import own_to_change
from practice.web.partner_links import show_next


@bp.post("/sessions/<public_id>/partner-link")
@requires(Permission.OWN_APPOINTMENTS)
def partner_link(public_id: str) -> ResponseReturnValue:
    """Make a new link to hand on; the one before ends."""
    appointment = own_to_change(public_id).appointment.public_id
    token = in_unit_of_work(lambda session: make_partner_link(session, appointment, by=g.identity, now=g.now))
    show_next(appointment, token)
    return redirect(url_for(".show", public_id=public_id), 303)
