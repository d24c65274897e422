"""What can be read without a token: services, therapists, open times, and the document that describes it all."""

import json
import re
from datetime import date
from functools import cache

from flask import Response, g
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.asking import NOT_ASKING, Asking
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.busy import current_rules
from practice.queries.catalog import catalog
from practice.queries.shown_times import shown_times
from practice.web.access import requires
from practice.web.api.blueprint import bp
from practice.web.api.openapi import document
from practice.web.api.requests import read_query
from practice.web.api.schemas import SLUG_PATTERN, ServiceItem, ServiceList, TherapistItem, TherapistList
from practice.web.api.slot_list import slot_list
from practice.web.api.zones import zones

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DURATION = re.compile(r"[1-9]\d{0,2}", re.ASCII)
DAYS_AT_MOST = 92


@cache
def _document() -> bytes:
    return json.dumps(document()).encode()


@bp.get("/openapi.json")
@requires(Permission.PUBLIC)
def openapi() -> ResponseReturnValue:
    """Describe the API."""
    read_query()
    return Response(_document(), mimetype="application/json")


@bp.get("/services")
@requires(Permission.PUBLIC)
def services() -> ResponseReturnValue:
    """List the kinds of session."""
    read_query()
    found = catalog(db.session(), is_signed_in=g.identity.can(Permission.SLOTS_READ))
    rules = current_rules(db.session())
    items = [
        ServiceItem(
            slug=each.slug,
            name=each.name,
            kind=each.kind,
            about=each.about,
            duration_minutes=each.duration_minutes,
            durations=[length.minutes for length in rules.lengths_of(each.id)]
            if each.id in rules.service_by_id
            else [each.duration_minutes],
            step_minutes=each.step_minutes,
            capacity=each.capacity,
            price_cents=each.price_cents,
            currency=found.currency,
            modalities=[*(["in_person"] if each.in_person else []), *(["online"] if each.online else [])],
            is_public=each.audience == "public",
            therapists=list(found.offered_by.get(each.id, ())),
        )
        for each in found.services
    ]
    return ServiceList(services=items).model_dump(mode="json")


@bp.get("/therapists")
@requires(Permission.PUBLIC)
def therapists() -> ResponseReturnValue:
    """List who leads sessions."""
    read_query()
    found = catalog(db.session(), is_signed_in=g.identity.can(Permission.SLOTS_READ))
    items = [
        TherapistItem(
            slug=each.slug,
            name=each.name,
            credentials=each.credentials,
            pronouns=each.pronouns,
            about=each.about,
            languages=each.languages,
            time_zone=each.zone,
            takes_new_clients=each.takes_new_clients,
            services=list(found.offers_of.get(each.id, ())),
        )
        for each in found.therapists
    ]
    return TherapistList(therapists=items).model_dump(mode="json")


@bp.get("/slots")
@requires(Permission.PUBLIC)
def slots() -> ResponseReturnValue:
    """List the times that can be booked now."""
    query = read_query(("service", "therapist", "from", "to", "tz", "duration"))
    errors = {name: "This is needed." for name in ("service", "from", "to") if not query.get(name)}
    first_on, last_on = (_date(query, name, errors) for name in ("from", "to"))
    zone = query.get("tz")
    if zone is not None and zone not in zones():
        errors["tz"] = "This is no time zone, such as America/New_York."
    if "duration" in query and not DURATION.fullmatch(query["duration"]):
        errors["duration"] = "This is no length in minutes, such as 80."
    for name in ("service", "therapist"):
        if name in query and not re.fullmatch(SLUG_PATTERN, query[name]):
            errors[name] = "This is not in the right form."
    if first_on and last_on and not 0 <= (last_on - first_on).days < DAYS_AT_MOST:
        errors["to"] = f"This is {'before the first date' if last_on < first_on else 'more than 92 days on'}."
    if errors or first_on is None or last_on is None:
        raise ValidationFailed(errors=errors)
    knows_us = g.identity.can(Permission.SLOTS_READ)
    asking = Asking(int(query["duration"])) if "duration" in query else NOT_ASKING
    times = shown_times(
        db.session(), query["service"], query.get("therapist"), is_signed_in=knows_us, now=g.now, asking=asking
    )
    return Response(slot_list(times, first_on, last_on, zone or times.rules.practice.zone), mimetype="application/json")


def _date(query: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    text = query.get(name, "")
    if text and DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            errors[name] = "There is no such date."
    elif text:
        errors[name] = "This is no date, such as 2026-11-24."
    return None
