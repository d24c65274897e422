"""What the page of a session for two says of a partner who has not agreed yet."""

from flask import g, url_for

from practice.db import db
from practice.models import Attendance
from practice.queries.partners import waiting_in
from practice.web.partner_links import HandOn, hand_on


def partner_of(attendance: Attendance) -> HandOn | None:
    """Return what is said of a partner whose agreement is waited for, to whoever may hand their link on."""
    if attendance.client_id not in g.identity.books_for or len(attendance.appointment.attendances) != 2:
        return None
    waiting = waiting_in(db.session(), attendance.appointment.public_id)
    if waiting is None or waiting.client_id == attendance.client_id:
        return None
    action = url_for("client.partner_link", public_id=attendance.public_id)
    return hand_on(waiting.name, waiting.appointment, action)
