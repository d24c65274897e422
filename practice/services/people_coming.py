"""Rules about those who come, looked at again when a held time becomes theirs: a hold does not know whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.explaining import Choice, Question, check_people
from practice.domain.intervals import instant, minute_floor
from practice.domain.permissions import Identity
from practice.domain.rule_book import RuleBook, Therapist
from practice.models import Appointment
from practice.queries.busy import current_rules
from practice.queries.ledger import BusyTime, busy_rows, busy_times, load_around
from practice.queries.parties import Party
from practice.queries.pasts import past_of
from practice.services.finding import refusal, viewer_of


@dataclass(frozen=True, slots=True)
class Held:
    """The session that was held: ids, when it starts, and how people meet."""

    id: int
    service_id: int
    therapist_id: int
    starts_at: datetime
    modality: str


def look_at_people(session: Session, held: Held, parties: Sequence[Party], *, by: Identity, now: datetime) -> None:
    """Check what the rules say about those who will come, and mark the session as their first where it is one.

    The caller holds the locks on therapist and clients. Where a client is in another region than was said when the
    time was held, their client row has to say so already. Raises NotOffered; what was archived meanwhile is let be.
    """
    rules = current_rules(session)
    service, therapist = rules.service_by_id.get(held.service_id), rules.therapist_by_id.get(held.therapist_id)
    if service is None or therapist is None:
        return
    start = minute_floor(held.starts_at)
    clients = [party.resource_id for party in parties]
    past = past_of(session, clients, service.id, now=now, without=[held.id])
    question = Question(rules, service, therapist, (), now, viewer_of(by), past=past)
    is_first = service.kind != "group" and question.is_first(start)
    was_first = session.scalar(select(Appointment.is_first).where(Appointment.id == held.id))
    if is_first and not was_first and therapist.max_first_a_week is not None:
        times = _load(session, rules, therapist, start)
        busy = busy_rows(time for time in times if time.appointment_id != held.id)
        question = Question(rules, service, therapist, busy, now, viewer_of(by), past=past)
    reason = check_people(question, start, Choice("online" if held.modality == "online" else "in_person"))
    if reason is not None:
        raise refusal(reason, by)
    if is_first != was_first:
        session.execute(update(Appointment).where(Appointment.id == held.id).values(is_first=is_first))


def _load(session: Session, rules: RuleBook, therapist: Therapist, start: int) -> list[BusyTime]:
    load = load_around(rules, [therapist], (start, start + 1))
    return busy_times(session, (), instant(start), instant(start + 1), load)[1]
