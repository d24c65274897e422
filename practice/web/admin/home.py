"""The admins' home: what a practice needs, what is there already, what comes next."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.setup import Progress, progress
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.frame import the_facts


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the set-up: its words, how far it is, and where it is done."""

    name: str
    words: str
    is_done: bool
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The set-up as a list of steps."""

    practice: str
    items: tuple[Item, ...]
    is_ready: bool


@bp.get("")
@requires(Permission.ADMIN)
def home() -> ResponseReturnValue:
    """Show how far the set-up is."""
    items = _items(progress(db.session()))
    page = HomePage(the_facts().name, items, all(item.is_done for item in items))
    return render_template("admin/home.html", page=page)


def _items(found: Progress) -> tuple[Item, ...]:
    def item(name: str, words: str, endpoint: str, *, is_done: bool = True) -> Item:
        return Item(name, words, is_done, url_for(f"admin.{endpoint}"))

    hours = f"{found.therapists_with_hours} of {_count(found.therapists, 'therapist')} with hours"
    has_people = found.therapists > 0
    return (
        item("The practice", "Name, time zone, contact, words", "practice"),
        item("Policies", "Notice, cancelling, fees", "policies"),
        item(
            "Places and rooms",
            f"{_count(found.locations, 'place')}, {_count(found.rooms, 'room')}",
            "places",
            is_done=found.rooms > 0,
        ),
        item("Services", _count(found.services, "service"), "services", is_done=found.services > 0),
        item("Therapists", _count(found.therapists, "therapist"), "therapists", is_done=has_people),
        item("What they offer", _count(found.offers, "offer"), "therapists", is_done=found.offers > 0),
        item("When they work", hours, "therapists", is_done=has_people and found.therapists_with_hours > 0),
        item("Closed days", "Holidays, and days on which a place is closed", "closures"),
        item("Staff", f"{_count(found.staff, 'person')} with an account", "staff", is_done=found.staff > 1),
    )


def _count(number: int, noun: str) -> str:
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"
