"""What can be done with a group's date, as links on the page of its session."""

from datetime import datetime

from flask import url_for

from practice.models import Appointment, AppointmentStatus, ServiceKind
from practice.web.shell import Link


def group_ways(prefix: str, date: Appointment, now: datetime) -> tuple[Link, ...]:
    """Return the links, none where it is no group's date, is cancelled or has begun."""
    is_open = date.status == AppointmentStatus.BOOKED and date.starts_at > now
    if date.service.kind != ServiceKind.GROUP or not is_open:
        return ()
    ways = {"group_date_change": "Change room, places or co-lead…", "group_lead": "Somebody else leads it…"}
    if prefix != "desk":  # the desk's page of a session has its own way to cancel it
        ways["group_date_cancel"] = "Cancel this date…"
    return tuple(Link(words, url_for(f"{prefix}.{name}", public_id=date.public_id)) for name, words in ways.items())
