"""What all things that admins keep have in common: made once however often a form is sent, and standing in an order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.models import Location, Practice, Room, Service, Therapist
from practice.services import audit

T = TypeVar("T", Service, Therapist, Location, Room)


def take_turns(session: Session) -> None:
    """Let whoever changes the set-up wait for each other until the transaction ends."""
    session.execute(select(Practice.id).with_for_update())


def same_in_use(session: Session, model: type[T], values: Mapping[str, Any]) -> T | None:
    """Return the thing in use that has exactly these ``values``: the same form, sent a second time. Takes the turn."""
    take_turns(session)
    table: Any = model
    named = select(model).where(table.name == values["name"], table.archived_at.is_(None)).order_by(table.id)
    for found in session.scalars(named):
        if all(getattr(found, name) == value for name, value in values.items()):
            return found
    return None


def move(
    session: Session, thing: Service | Therapist | Location | Room, by_places: int, *, by: Identity, now: datetime
) -> None:
    """Let a thing change places with its neighbour in use, the one before it (-1) or after it (1), if there is one."""
    take_turns(session)
    table: Any = type(thing)
    in_use = select(table).where(table.archived_at.is_(None)).order_by(table.position, table.id)
    if isinstance(thing, Room):
        in_use = in_use.where(Room.location_id == thing.location_id)
    order = list(session.scalars(in_use))
    place = order.index(thing) if thing in order else -1
    if place < 0 or not 0 <= place + by_places < len(order):
        return
    order.insert(place + by_places, order.pop(place))
    for number, each in enumerate(order, 1):
        if each.position != number:
            each.position = number
    session.flush()
    kind = table.__tablename__
    audit.record(session, f"{kind}.moved", by=by, now=now, subject=(kind, thing.public_id), places=by_places)
