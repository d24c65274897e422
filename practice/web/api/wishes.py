"""Turns the API's bodies into what services understand, and places into what the API gives."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.db import db
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.rule_book import RuleBook
from practice.queries.busy import current_rules, known_rules
from practice.queries.parties import Party, party_by_public_id
from practice.queries.places import Place, place_by_public_id
from practice.services.booking import Booked
from practice.services.clients import NewClient, create_client
from practice.services.finding import Wish
from practice.services.needs import NOTHING_KNOWN, Circumstances, circumstances_by_public_id
from practice.web.api import schemas
from practice.web.api.contacts import email_of, phone_of

VISIBLE_ASCII = re.compile(schemas.KEY_PATTERN)


def idempotency_key() -> str | None:
    """Return the request's Idempotency-Key, if it has one. Raises ValidationFailed for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not VISIBLE_ASCII.fullmatch(key):
        raise ValidationFailed(errors={"Idempotency-Key": "A key is 1 to 200 visible characters."})
    return key


def rules_with(service: str, therapist: str) -> RuleBook:
    """Return rules that have both, as this process knows them or as they are now. Raises NotFound."""
    for read in (known_rules, current_rules):
        rules = read(db.session())
        if service in rules.service_by_slug and therapist in rules.therapist_by_slug:
            return rules
    raise NotFound("There is no such service or therapist.")


def known_of(client: str, region: str | None = None) -> Circumstances:
    """Return what a client (a public id, "" for somebody new) needs, and where they will be: there, or as they said."""
    vault: Vault = current_app.extensions["vault"]
    known = circumstances_by_public_id(db.session(), client, vault) if client else NOTHING_KNOWN
    return replace(known, region=region) if region else known


def wish_of(rules: RuleBook, asked: schemas.AppointmentWish) -> Wish:
    """Return what a booking wishes for; the place to meet is the first that works."""
    client = asked.client.id if isinstance(asked.client, schemas.KnownClient) else ""
    known = known_of(client, asked.client.region)
    return Wish(
        service_id=rules.service_by_slug[asked.service].id,
        therapist_id=rules.therapist_by_slug[asked.therapist].id,
        starts_at=asked.starts_at,
        modality=asked.modality,
        duration_minutes=asked.duration_minutes,
        needs=known.needs,
        region=known.region,
    )


def moved_wish(rules: RuleBook, place: Place, asked: schemas.AppointmentChange) -> Wish:
    """Return where a session shall go; somebody who stays with their therapist stays at their location."""
    modality = asked.modality or place.modality
    therapist = rules.therapist_by_slug[asked.therapist or place.therapist]
    known = known_of(place.client)
    stays = therapist.id == place.therapist_id and modality == place.modality
    return Wish(
        service_id=place.service_id,
        therapist_id=therapist.id,
        starts_at=asked.starts_at or place.starts_at,
        modality="online" if modality == "online" else "in_person",
        location_id=place.location_id if stays else None,
        needs=known.needs,
        region=known.region,
    )


def is_there(place: Place, wish: Wish) -> bool:
    """Whether a session is where it shall go already."""
    here = (place.starts_at, place.therapist_id, place.modality)
    return place.status == "booked" and here == (wish.starts_at, wish.therapist_id, wish.modality)


def prepared_client(asked: schemas.KnownClient | schemas.NewClient, zone: str) -> str | NewClient:
    """Return the id of a client, or all that is needed to make one, read and checked. Raises ValidationFailed."""
    if isinstance(asked, schemas.KnownClient):
        return asked.id
    return NewClient(name=asked.name, zone=zone, email=email_of(asked.email), phone=phone_of(asked.phone))


def party_of(session: Session, client: str | NewClient, zone: str) -> Party:
    """Return the client of a booking, made now where they are new. Raises NotFound."""
    if isinstance(client, NewClient):
        vault: Vault = current_app.extensions["vault"]
        return create_client(session, client, vault=vault, by=g.identity, now=g.now)
    known = party_by_public_id(session, client, g.now.astimezone(ZoneInfo(zone)).date())
    if known is None:
        raise NotFound("There is no such client.")
    return known


def place_with(session: Session, public_id: str) -> Place:
    """Return the place with this id. Raises NotFound, also for what can be no id."""
    found = place_by_public_id(session, public_id) if re.fullmatch(schemas.ID_PATTERN, public_id) else None
    if found is None:
        raise NotFound
    return found


def item_of(place: Place) -> dict[str, Any]:
    """Return what the API says of a place (`schemas.AppointmentItem`)."""
    return {
        "id": place.public_id,
        "status": place.status,
        "starts_at": said(place.starts_at, place.zone),
        "ends_at": said(place.ends_at, place.zone),
        "therapist": place.therapist,
        "service": place.service,
        "modality": place.modality,
        "client": {"id": place.client},
    }


def item_of_booked(booked: Booked, rules: RuleBook) -> dict[str, Any]:
    """Return the same of a place that was booked just now, without reading it again."""
    return {
        "id": booked.places[0],
        "status": booked.status,
        "starts_at": said(booked.starts_at, booked.zone),
        "ends_at": said(booked.ends_at, booked.zone),
        "therapist": rules.therapist_by_id[booked.therapist_id].slug,
        "service": rules.service_by_id[booked.service_id].slug,
        "modality": booked.modality,
        "client": {"id": booked.parties[0].public_id},
    }


def said(instant: datetime, zone: str) -> str:
    """Return an instant as ISO 8601 with the offset that the zone has then."""
    return instant.astimezone(ZoneInfo(zone)).isoformat()
