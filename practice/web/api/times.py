"""Which times the API shows to whom, and those that are close to one that was lost."""

from dataclasses import replace
from datetime import datetime

from flask import g

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.domain.rule_book import Modality
from practice.queries.near import near_times
from practice.queries.slots import Times, times_of
from practice.web.api.slot_list import slot_items


def visible_times(service: str, therapist: str | None) -> Times:
    """Return the open times that this asker may see. Raises NotFound.

    When something is open is no secret, also of what only clients book; who is listed to clients only, is.
    """
    times = times_of(db.session(), service, therapist, viewer="clients", now=g.now)
    if g.identity.can(Permission.SLOTS_READ):
        return times
    listed = tuple(each for each in times.therapists if each.listing == "public")
    if len(listed) == len(times.therapists):
        return times
    if therapist is not None:
        raise NotFound
    ids = {each.id for each in listed}
    sessions = {slot: session for slot, session in times.sessions.items() if slot.therapist_id in ids}
    return replace(times, therapists=listed, sessions=sessions)


def other_times(service: str, therapist: str, starts_at: datetime, modality: Modality) -> list[dict[str, object]]:
    """Return some open times that are close to one that is gone, those with the same therapist first of all."""
    times, slots = near_times(
        db.session(), service, therapist, starts_at, viewer="clients", now=g.now, modality=modality
    )
    return slot_items(times, slots, times.rules.practice.zone)
