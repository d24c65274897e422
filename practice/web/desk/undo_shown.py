"""Where a cancellation cannot be undone because its time is taken: other times for the same people."""

from dataclasses import dataclass

from practice.db import db
from practice.domain.lifecycle import GIVEN_UP
from practice.models import Appointment
from practice.queries.busy import current_rules
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.desk.path import Path
from practice.web.desk.times import near_days
from practice.web.slot_days import Day


@dataclass(frozen=True, slots=True)
class LostPage:
    """Why it cannot be undone, and times that can be booked instead."""

    words: str
    href: str
    days: tuple[Day, ...]


def lost_page(appointment: Appointment, words: str, attendance: str = "") -> LostPage:
    """Return other times for whom the appointment was cancelled: for one of them, where ``attendance`` says whose."""
    rules = current_rules(db.session())
    service = rules.service_by_id.get(appointment.service_id)
    href = href_of_appointment(appointment.public_id)
    if service is None:
        return LostPage(words, href, ())
    clients = tuple(
        each.client
        for each in appointment.attendances
        if each.status in GIVEN_UP and attendance in ("", each.public_id)
    )
    path = Path(rules, service, "", clients)
    step = path.url("book_check" if path.is_complete else "book_who")
    prefix = f"{step}{'&' if '?' in step else '?'}at="
    return LostPage(words, href, near_days(service, rules, appointment.lead.slug, appointment.starts_at, prefix))
