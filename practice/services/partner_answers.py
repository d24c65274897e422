"""What follows when one of two partners does not come: their place is free, and the rest is put to the therapist."""

from datetime import datetime

from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.queries.partners import asked_by, waiting_in
from practice.services import audit
from practice.services.cancelling import cancel_attendance
from practice.services.partners import end_partner_links, use_up


def decline(session: Session, token: str, *, by: Identity, now: datetime) -> None:
    """Use a partner's link up, and give their place back at no cost; no contact of theirs is kept. Raises LinkEnded."""
    asked = asked_by(session, token, now=now)
    use_up(session, asked.token_id, now)
    client = asked.client.public_id
    end_partner_links(session, client, now=now)
    audit.record(session, "partner.declined", by=by, now=now, subject=("client", client))
    place = waiting_in(session, asked.appointment.public_id) if asked.appointment else None
    if place is not None and asked.appointment is not None and asked.appointment.starts_at > now:
        cancel_attendance(session, place.attendance, by=by, now=now, by_practice=True)
