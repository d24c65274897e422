"""What follows when one of two partners does not come: their place is free, and the rest is what the therapist says."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.intervals import instant
from practice.domain.permissions import SYSTEM, Identity
from practice.domain.rule_book import Modality, RuleBook
from practice.models import Appointment, AppointmentTherapist, Decision, Lead
from practice.queries.partners import asked_by, waiting_in
from practice.queries.rule_book import read_rule_book
from practice.services import audit, couples, decisions
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.services.partners import end_partner_links, use_up


def decline(session: Session, token: str, *, by: Identity, now: datetime) -> None:
    """Use a partner's link up, and give their place back at no cost; no contact of theirs is kept. Raises LinkEnded.

    What becomes of the session is put to its therapist.
    """
    asked = asked_by(session, token, now=now)
    use_up(session, asked.token_id, now)
    client, appointment = asked.client.public_id, asked.appointment
    end_partner_links(session, client, now=now)
    audit.record(session, "partner.declined", by=by, now=now, subject=("client", client))
    if appointment is None or appointment.starts_at <= now:
        return
    place = waiting_in(session, appointment.public_id)
    if place is None:
        return
    cancel_attendance(session, place.attendance, by=SYSTEM, now=now, by_practice=True)
    session.refresh(appointment, ["status"])
    if appointment.status == "booked":
        couples.ask_therapist(session, appointment.id, couples.DECLINED, by=SYSTEM, now=now)


def go_on(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Keep the session with the one who comes: nothing changes, and nobody is told."""
    del session, decision, choice, by, now


def cancel_for_both(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Cancel the session at no cost to anybody. Whoever was coming is told that it is cancelled, and not why."""
    del choice
    appointment = _about(session, decision)
    decisions.settle(session, decision.id, "cancel", by=by, now=now)
    cancel_appointment(session, appointment.public_id, by=by, now=now, by_practice=True)


def choose_another(session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
    """Move the session for the one who comes: ``choice`` is the epoch minute of its new start. They are told.

    Raises ValidationFailed where none was chosen, and SlotTaken where it has been taken.
    """
    if not (choice.isascii() and choice.isdigit() and len(choice) <= 9):
        raise ValidationFailed("Choose another time.")
    appointment = _about(session, decision)
    lead = select(AppointmentTherapist.therapist_id).where(
        AppointmentTherapist.appointment_id == appointment.id, AppointmentTherapist.part == Lead.LEAD
    )
    rules = read_rule_book(session)
    wish = Wish(
        service_id=appointment.service_id,
        therapist_id=session.scalars(lead).one(),
        starts_at=instant(int(choice)),
        modality=cast("Modality", appointment.modality),
        location_id=appointment.location_id,
        duration_minutes=_length(rules, appointment),
    )
    move_appointment(session, rules, appointment.public_id, wish, by=by, now=now)


def _about(session: Session, decision: Decision) -> Appointment:
    if decision.appointment_id is None:
        raise NotFound
    return session.get_one(Appointment, decision.appointment_id)


def _length(rules: RuleBook, appointment: Appointment) -> int | None:
    """Return the session's length where its service is still offered in it, None for the service's own."""
    minutes = int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
    return minutes if rules.offers_length(appointment.service_id, minutes) else None
