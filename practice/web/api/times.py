"""Open times that are close to one that was lost."""

from datetime import datetime

from flask import g

from practice.db import db
from practice.domain.rule_book import Modality
from practice.queries.near import near_times
from practice.web.api.slot_list import slot_items


def other_times(service: str, therapist: str, starts_at: datetime, modality: Modality) -> list[dict[str, object]]:
    """Return some open times that are close to one that is gone, those with the same therapist first of all."""
    times, slots = near_times(
        db.session(), service, therapist, starts_at, viewer="clients", now=g.now, modality=modality
    )
    return slot_items(times, slots, times.rules.practice.zone)
