"""Places and their rooms: list, add, change."""

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Appointment, Location, Room
from practice.queries.setup import booked_to_come, rooms_of, things
from practice.services.places import add_location, add_room, change_location, change_room, location_named, room_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.features import features_offered
from practice.web.admin.forms import LocationForm, RoomForm
from practice.web.admin.keeping import archive_press, row_presses, status_of
from practice.web.admin.pages import Empty, FormPage, ListPage, Row, Way, page_links, show_form, show_list, trail
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.presenting import format_zone
from practice.web.saving import save

COLUMNS = ("Name", "Address", "Time", "Rooms", "Order")
EMPTY = Empty("No place yet", "If you only meet online you need none. Otherwise add where people come to.")


@bp.get("/places")
@requires(Permission.ADMIN)
def places() -> ResponseReturnValue:
    """List the places with their rooms."""
    number = read_page(request.args)
    found = things(db.session(), Location, number)
    rooms = rooms_of(db.session(), [each.id for each in found.rows])
    rows = tuple(_row(each, rooms.get(each.id, []), is_alone=found.total == 1) for each in found.rows)
    add = Way("Add a place", url_for("admin.places_new"))
    links = page_links("admin.places", number, found.total)
    return show_list(ListPage("Places and rooms", COLUMNS, rows, add, EMPTY, "", links))


@bp.get("/places/new")
@requires(Permission.ADMIN)
def places_new() -> ResponseReturnValue:
    """Ask for a new place."""
    return show_form(LocationForm(data={"zone": the_facts().zone}), FormPage("Add a place", _trail()))


@bp.post("/places/new")
@requires(Permission.ADMIN)
def places_add() -> ResponseReturnValue:
    """Add a place, and lead on to its first room."""
    form = LocationForm(request.form)
    return save(
        form,
        lambda session: add_location(session, form.to_details(), by=g.identity, now=g.now).public_id,
        page=lambda: show_form(form, FormPage("Add a place", _trail())),
        said="The place is added. Next: its first room.",
        to=lambda made: url_for("admin.rooms_new", public_id=made),
    )


@bp.get("/places/<public_id>")
@requires(Permission.ADMIN)
def place(public_id: str) -> ResponseReturnValue:
    """Show a place to change."""
    found = location_named(db.session(), public_id)
    return show_form(LocationForm(obj=found), _page(found))


@bp.post("/places/<public_id>")
@requires(Permission.ADMIN)
def place_save(public_id: str) -> ResponseReturnValue:
    """Change a place."""
    found, form = location_named(db.session(), public_id), LocationForm(request.form)
    return save(
        form,
        lambda session: change_location(session, public_id, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _page(found)),
        said="Saved.",
        to=url_for("admin.places"),
    )


@bp.get("/places/<public_id>/rooms/new")
@requires(Permission.ADMIN)
def rooms_new(public_id: str) -> ResponseReturnValue:
    """Ask for a new room."""
    found = location_named(db.session(), public_id)
    return show_form(_offered(RoomForm()), _new_room_page(found))


@bp.post("/places/<public_id>/rooms/new")
@requires(Permission.ADMIN)
def rooms_add(public_id: str) -> ResponseReturnValue:
    """Add a room."""
    found, form = location_named(db.session(), public_id), _offered(RoomForm(request.form))
    return save(
        form,
        lambda session: add_room(session, public_id, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _new_room_page(found)),
        said="The room is added.",
        to=url_for("admin.places"),
    )


@bp.get("/rooms/<public_id>")
@requires(Permission.ADMIN)
def room(public_id: str) -> ResponseReturnValue:
    """Show a room to change."""
    found = room_named(db.session(), public_id)
    form = _offered(RoomForm(data={"name": found.name, "known": list(found.features)}))
    return show_form(form, _room_page(found))


@bp.post("/rooms/<public_id>")
@requires(Permission.ADMIN)
def room_save(public_id: str) -> ResponseReturnValue:
    """Change a room."""
    found, form = room_named(db.session(), public_id), _offered(RoomForm(request.form))
    return save(
        form,
        lambda session: change_room(session, public_id, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _room_page(found)),
        said="Saved.",
        to=url_for("admin.places"),
    )


def _offered(form: RoomForm) -> RoomForm:
    """Let the form offer what rooms often have, and what any room here has."""
    form.known.choices = features_offered(db.session())
    return form


def _row(location: Location, rooms: list[Room], *, is_alone: bool) -> Row:
    ways = [Way(_name(room), url_for("admin.room", public_id=room.public_id)) for room in rooms]
    add = Way("Add a room", url_for("admin.rooms_new", public_id=location.public_id))
    return Row(
        location.name,
        url_for("admin.place", public_id=location.public_id),
        (location.address, format_zone(location.zone)),
        status_of(location),
        (*ways, add),
        row_presses("places", location, is_alone=is_alone),
        is_split=True,
    )


def _name(room: Room) -> str:
    return f"{room.name} (not in use)" if room.archived_at else room.name


def _page(location: Location) -> FormPage:
    booked = booked_to_come(db.session(), g.now, Appointment.location_id == location.id)
    note = "Hours that exist keep the time zone that they were made in."
    if booked:
        note += f" {booked} sessions are booked here."
    return FormPage(location.name, _trail(), note=note, presses=(archive_press("places", location),))


def _new_room_page(location: Location) -> FormPage:
    place = Way(location.name, url_for("admin.place", public_id=location.public_id))
    return FormPage("Add a room", (*_trail(), place), intro="One room holds one session at a time.")


def _room_page(room: Room) -> FormPage:
    booked = booked_to_come(db.session(), g.now, Appointment.room_id == room.id)
    note = f"{booked} sessions are booked in it." if booked else ""
    moves = () if room.archived_at else row_presses("rooms", room, is_alone=False)
    return FormPage(room.name, _trail(), note=note, presses=(*moves, archive_press("rooms", room)))


def _trail() -> tuple[Way, ...]:
    return trail("Places and rooms", "admin.places")
