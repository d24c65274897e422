"""One session as a calendar file, for whoever has a place in it. Its title says nothing of what it is for."""

from flask import Response

from practice.adapters.ical_export import EventView, render_appointment
from practice.models import Appointment, AppointmentStatus
from practice.web.sessions_shown import address_of

TITLE = "Appointment"


def calendar_file(appointment: Appointment) -> Response:
    """Return the file; the appointment's location must be loaded."""
    event = EventView(
        uid=appointment.uid,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=appointment.zone,
        status="cancelled" if appointment.status == AppointmentStatus.CANCELLED else "booked",
        revised_at=appointment.revised_at,
        title=TITLE,
        location=address_of(appointment),
    )
    return Response(
        render_appointment(event),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )
