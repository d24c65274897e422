"""Places and their rooms: list, add, change, out of use and back."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.models import Appointment, Location, Room
from practice.queries.setup import all_locations, booked_to_come, rooms_by_location
from practice.services.places import (
    add_location,
    add_room,
    archive_location,
    archive_room,
    change_location,
    change_room,
    location_named,
    room_named,
)
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import LocationForm, RoomForm
from practice.web.admin.pages import (
    ARCHIVED,
    FormPage,
    ListPage,
    Row,
    Way,
    archive_press,
    read_archived,
    show_form,
    show_list,
)
from practice.web.frame import the_facts
from practice.web.presenting import format_zone
from practice.web.saving import save


@bp.get("/places")
@requires(Permission.ADMIN)
def places() -> ResponseReturnValue:
    """List all places with their rooms."""
    rooms = rooms_by_location(db.session())
    rows = tuple(_row(location, rooms.get(location.id, [])) for location in all_locations(db.session()))
    add = Way("Add a place", url_for("admin.places_new"))
    return show_list(ListPage("Places and rooms", ("Name", "Address", "Time", "Rooms"), rows, add, "No place yet"))


@bp.get("/places/new")
@requires(Permission.ADMIN)
def places_new() -> ResponseReturnValue:
    """Ask for a new place."""
    return show_form(LocationForm(data={"zone": the_facts().zone}), _new_page())


@bp.post("/places/new")
@requires(Permission.ADMIN)
def places_add() -> ResponseReturnValue:
    """Add a place."""
    form = LocationForm(request.form)
    return save(
        form,
        lambda session: add_location(session, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _new_page()),
        said="The place is added. Next: its rooms.",
        to=url_for("admin.places"),
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


@bp.post("/places/<public_id>/archive")
@requires(Permission.ADMIN)
def place_archive(public_id: str) -> ResponseReturnValue:
    """Take a place out of use, or bring it back."""
    is_archived = read_archived(request.form)
    in_unit_of_work(
        lambda session: archive_location(session, public_id, is_archived=is_archived, by=g.identity, now=g.now)
    )
    flash("The place is out of use. Sessions that are booked stay booked." if is_archived else "It is in use again.")
    return redirect(url_for("admin.places"), 303)


@bp.get("/places/<public_id>/rooms/new")
@requires(Permission.ADMIN)
def rooms_new(public_id: str) -> ResponseReturnValue:
    """Ask for a new room."""
    return show_form(RoomForm(), _new_room_page(location_named(db.session(), public_id)))


@bp.post("/places/<public_id>/rooms/new")
@requires(Permission.ADMIN)
def rooms_add(public_id: str) -> ResponseReturnValue:
    """Add a room."""
    found, form = location_named(db.session(), public_id), RoomForm(request.form)
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
    return show_form(RoomForm(data={"name": found.name, "features": "\n".join(found.features)}), _room_page(found))


@bp.post("/rooms/<public_id>")
@requires(Permission.ADMIN)
def room_save(public_id: str) -> ResponseReturnValue:
    """Change a room."""
    found, form = room_named(db.session(), public_id), RoomForm(request.form)
    return save(
        form,
        lambda session: change_room(session, public_id, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _room_page(found)),
        said="Saved.",
        to=url_for("admin.places"),
    )


@bp.post("/rooms/<public_id>/archive")
@requires(Permission.ADMIN)
def room_archive(public_id: str) -> ResponseReturnValue:
    """Take a room out of use, or bring it back."""
    is_archived = read_archived(request.form)
    in_unit_of_work(lambda session: archive_room(session, public_id, is_archived=is_archived, by=g.identity, now=g.now))
    flash("The room is out of use. Sessions that are booked stay booked." if is_archived else "It is in use again.")
    return redirect(url_for("admin.places"), 303)


def _row(location: Location, rooms: list[Room]) -> Row:
    ways = [Way(_name(room), url_for("admin.room", public_id=room.public_id)) for room in rooms]
    add = Way("Add a room", url_for("admin.rooms_new", public_id=location.public_id))
    return Row(
        location.name,
        url_for("admin.place", public_id=location.public_id),
        (location.address, format_zone(location.zone)),
        ARCHIVED if location.archived_at else None,
        (*ways, add),
    )


def _name(room: Room) -> str:
    return f"{room.name} (not in use)" if room.archived_at else room.name


def _new_page() -> FormPage:
    return FormPage("Add a place", _back())


def _page(location: Location) -> FormPage:
    press = archive_press(
        url_for("admin.place_archive", public_id=location.public_id),
        is_archived=location.archived_at is not None,
        what="place",
    )
    booked = booked_to_come(db.session(), g.now, Appointment.location_id == location.id)
    note = "Hours that exist keep the time zone that they were made in."
    if booked:
        note += f" {booked} sessions are booked here."
    return FormPage(location.name, _back(), note=note, presses=(press,))


def _new_room_page(location: Location) -> FormPage:
    return FormPage(f"Add a room to {location.name}", _back())


def _room_page(room: Room) -> FormPage:
    press = archive_press(
        url_for("admin.room_archive", public_id=room.public_id), is_archived=bool(room.archived_at), what="room"
    )
    booked = booked_to_come(db.session(), g.now, Appointment.room_id == room.id)
    note = f"{booked} sessions are booked in it." if booked else ""
    return FormPage(room.name, _back(), note=note, presses=(press,))


def _back() -> Way:
    return Way("Places and rooms", url_for("admin.places"))
