"""What fits whoever will come: their needs, where they will be online, and who is licensed there."""

from collections.abc import Collection
from datetime import date

from flask import current_app, g

from practice.db import db
from practice.domain.asking import Asking
from practice.domain.regions import ELSEWHERE, region_name
from practice.domain.rule_book import RuleBook, Service
from practice.models import Appointment
from practice.queries.pasts import past_of_clients
from practice.services.needs import Circumstances, circumstances_of
from practice.web.calendar_days import today_here


def known_of(client_ids: Collection[int]) -> Circumstances:
    """Return what some clients need together, and where they said to be online."""
    return circumstances_of(db.session(), list(client_ids), current_app.extensions["vault"])


def asking_for(
    service: Service, client_ids: Collection[int], *, length: int | None = None, region: str | None = None
) -> Asking:
    """Return what narrows the times of a service for some clients: None is the region that one of them said before.

    A group's dates are as staff made them.
    """
    if service.kind == "group" or not client_ids:
        return Asking()
    known = known_of(client_ids)
    past = past_of_clients(db.session(), client_ids, service.id, now=g.now)
    return Asking(length, known.needs, known.region if region is None else region, past)


def asking_to_move(appointment: Appointment, client_ids: Collection[int]) -> Asking:
    """Return what narrows the times that a session of some clients can move to."""
    known = known_of(client_ids)
    past = past_of_clients(db.session(), client_ids, appointment.service_id, now=g.now, without=[appointment.id])
    return Asking(None, known.needs, known.region, past)


def is_licensed(rules: RuleBook, therapist_id: int, region: str, today: date | None = None) -> bool:
    """Whether a therapist may meet people online who are in a region; always where nobody asks for it."""
    if not region or not rules.practice.checks_licences:
        return True
    until = rules.licensed_until(therapist_id, region)
    return until is not None and until >= (today or today_here())


def not_licensed_words(name: str, region: str) -> str:
    """Say kindly that somebody, or with "" everybody, may not meet online with people who are in a region."""
    if region == ELSEWHERE:
        who = f"{name} is" if name else "We are"
        return f"{who} licensed in the United States only, and cannot meet online with you while you are elsewhere."
    place = region_name(region)
    if not name:
        return f"Nobody who offers this is licensed in {place}, so we cannot meet online while you are there."
    return f"{name} is not licensed in {place}, and cannot meet online with you while you are there."
