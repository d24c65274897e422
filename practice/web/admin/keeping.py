"""Out of use and back, and up and down: the same for services, therapists, places and rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import AnyOf

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Location, Room, Service, Therapist
from practice.services.keeping import move
from practice.services.offering import archive_service, service_named
from practice.services.places import archive_location, archive_room, location_named, room_named
from practice.services.team import archive_therapist, therapist_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import Press
from practice.web.board import Status
from practice.web.flashes import flash_with_undo
from practice.web.forms.base import BaseForm

ARCHIVED: Final = Status("Not in use", "ended")
PLACES: Final = {"up": -1, "down": 1}
STAY: Final = "Sessions that are booked stay booked."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that admins keep: its word, how one is found and archived, and where all of them are listed."""

    word: str
    named: Callable[[Session, str], Any]
    archive: Callable[..., None]
    listed: str


KINDS: Final[Mapping[str, Kind]] = {
    "services": Kind("service", service_named, archive_service, "admin.services"),
    "therapists": Kind("therapist", therapist_named, archive_therapist, "admin.therapists"),
    "places": Kind("place", location_named, archive_location, "admin.places"),
    "rooms": Kind("room", room_named, archive_room, "admin.places"),
}


class ArchiveForm(BaseForm):
    """Out of use, or back in use."""

    archived = HiddenField("Archived", [AnyOf(("yes", "no"))])


class MoveForm(BaseForm):
    """A place up or down."""

    to = HiddenField("To", [AnyOf(tuple(PLACES))])


@bp.post("/<kind>/<key>/archive")
@requires(Permission.ADMIN)
def archive(kind: str, key: str) -> ResponseReturnValue:
    """Take a thing out of use, with the way back in sight, or bring it back."""
    found, form = _kind(kind), ArchiveForm(request.form)
    if not form.validate():
        raise ValidationFailed
    is_archived = form.archived.data == "yes"
    in_unit_of_work(lambda session: found.archive(session, key, is_archived=is_archived, by=g.identity, now=g.now))
    if is_archived:
        flash_with_undo(
            f"The {found.word} is out of use. {STAY}", url_for(".archive", kind=kind, key=key), archived="no"
        )
    else:
        flash(f"The {found.word} is in use again.")
    return redirect(url_for(found.listed), 303)


@bp.post("/<kind>/<key>/move")
@requires(Permission.ADMIN)
def move_thing(kind: str, key: str) -> ResponseReturnValue:
    """Let a thing change places with its neighbour; clients see the same order."""
    found, form = _kind(kind), MoveForm(request.form)
    if not form.validate():
        raise ValidationFailed
    steps = PLACES[str(form.to.data)]
    in_unit_of_work(lambda session: move(session, found.named(session, key), steps, by=g.identity, now=g.now))
    return redirect(url_for(found.listed), 303)


def status_of(thing: Service | Therapist | Location | Room) -> Status | None:
    """Return what a list says of a thing that is out of use."""
    return ARCHIVED if thing.archived_at else None


def archive_press(kind: str, thing: Service | Therapist | Location | Room) -> Press:
    """Return the button that takes a thing out of use, or brings it back."""
    href = url_for("admin.archive", kind=kind, key=key_of(thing))
    if thing.archived_at:
        return Press(f"Use this {KINDS[kind].word} again", href, (("archived", "no"),))
    return Press(f"Take this {KINDS[kind].word} out of use", href, (("archived", "yes"),), "danger")


def row_presses(kind: str, thing: Service | Therapist | Location | Room, *, is_alone: bool) -> tuple[Press, ...]:
    """Return the buttons of a thing in its list: up and down while it is in use, back into use otherwise."""
    if thing.archived_at:
        return (Press("Use again", url_for("admin.archive", kind=kind, key=key_of(thing)), (("archived", "no"),)),)
    if is_alone:
        return ()
    href = url_for("admin.move_thing", kind=kind, key=key_of(thing))
    return (
        Press("Move up", href, (("to", "up"),), icon="arrow-up"),
        Press("Move down", href, (("to", "down"),), icon="arrow-down"),
    )


def key_of(thing: Service | Therapist | Location | Room) -> str:
    """Return what names a thing in addresses."""
    return thing.slug if isinstance(thing, Therapist) else thing.public_id


def _kind(word: str) -> Kind:
    if word not in KINDS:
        raise NotFound
    return KINDS[word]
