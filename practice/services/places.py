"""Where people meet: locations and their rooms. Every change is audited."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.permissions import Identity
from practice.models import Location, Resource, ResourceKind, Room
from practice.services import audit
from practice.services.keeping import same_in_use
from practice.services.slugs import free_slug


@dataclass(frozen=True, slots=True)
class LocationDetails:
    """A place, in its own zone."""

    name: str
    address: str
    zone: str
    directions: str = ""


@dataclass(frozen=True, slots=True)
class RoomDetails:
    """A room: one session at a time."""

    name: str
    features: tuple[str, ...] = ()


def add_location(session: Session, new: LocationDetails, *, by: Identity, now: datetime) -> Location:
    """Add a place after the others; the same one sent twice is one."""
    values = asdict(new)
    same = same_in_use(session, Location, values)
    if same is not None:
        return same
    made = Location(
        slug=free_slug(session, Location.slug, new.name, "place"),
        position=(session.scalar(select(func.max(Location.position))) or 0) + 1,
        **values,
    )
    session.add(made)
    session.flush()
    audit.record(session, "location.added", by=by, now=now, subject=("location", made.public_id))
    return made


def change_location(session: Session, public_id: str, new: LocationDetails, *, by: Identity, now: datetime) -> None:
    """Change a place. Hours that exist keep the zone that they were made in. Raises NotFound."""
    location = location_named(session, public_id)
    for name, value in asdict(new).items():
        setattr(location, name, value)
    session.flush()
    audit.record(session, "location.changed", by=by, now=now, subject=("location", public_id))


def archive_location(session: Session, public_id: str, *, is_archived: bool, by: Identity, now: datetime) -> None:
    """Take a place out of use, or bring it back. Sessions that are booked there stay booked. Raises NotFound."""
    location = location_named(session, public_id)
    location.archived_at = now if is_archived else None
    session.flush()
    action = "location.archived" if is_archived else "location.restored"
    audit.record(session, action, by=by, now=now, subject=("location", public_id))


def add_room(session: Session, location: str, new: RoomDetails, *, by: Identity, now: datetime) -> Room:
    """Add a room to a place (its public id), as something that can be busy; the same one sent twice is one.

    Raises NotFound.
    """
    place = location_named(session, location)
    values = {"location_id": place.id, "name": new.name, "features": list(new.features)}
    same = same_in_use(session, Room, values)
    if same is not None:
        return same
    resource = Resource(kind=ResourceKind.ROOM)
    session.add(resource)
    session.flush()
    last = session.scalar(select(func.max(Room.position)).where(Room.location_id == place.id)) or 0
    made = Room(resource_id=resource.id, position=last + 1, **values)
    session.add(made)
    session.flush()
    audit.record(session, "room.added", by=by, now=now, subject=("room", made.public_id))
    return made


def change_room(session: Session, public_id: str, new: RoomDetails, *, by: Identity, now: datetime) -> None:
    """Change what a room is called and what it has. Raises NotFound."""
    room = room_named(session, public_id)
    room.name, room.features = new.name, list(new.features)
    session.flush()
    audit.record(session, "room.changed", by=by, now=now, subject=("room", public_id))


def archive_room(session: Session, public_id: str, *, is_archived: bool, by: Identity, now: datetime) -> None:
    """Take a room out of use, or bring it back. Sessions that are booked there stay booked. Raises NotFound."""
    room = room_named(session, public_id)
    room.archived_at = now if is_archived else None
    session.flush()
    action = "room.archived" if is_archived else "room.restored"
    audit.record(session, action, by=by, now=now, subject=("room", public_id))


def location_named(session: Session, public_id: str) -> Location:
    """Return the place with this public id, archived or not. Raises NotFound."""
    found = session.scalars(select(Location).where(Location.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def room_named(session: Session, public_id: str) -> Room:
    """Return the room with this public id, archived or not. Raises NotFound."""
    found = session.scalars(select(Room).where(Room.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found
