"""Whose hours a page is about, and where its links lead."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import Location, Therapist
from practice.queries.hours import active_locations, therapist_by_id

ONLINE = "online"
AND_ONLINE = "+online"


@dataclass(frozen=True)
class Owner:
    """A therapist's hours, under the endpoints that begin with ``prefix`` and take ``values``.

    Sessions are shown at ``session_endpoint``, where whoever looks may see them.
    """

    therapist: Therapist
    prefix: str
    values: tuple[tuple[str, str], ...] = ()
    back_href: str = ""
    session_endpoint: str = ""

    @property
    def is_self(self) -> bool:
        """Whether somebody looks at their own hours."""
        return bool(self.therapist.id == g.identity.therapist_id)

    def url(self, page: str = "", **more: Any) -> str:
        """Return the address of one of the pages, the overview for ""."""
        values: dict[str, Any] = {**dict(self.values), **more}
        return url_for(f"{self.prefix}_{page}" if page else self.prefix, **values)


def owner_of(
    therapist_id: int | None, prefix: str, *, back_href: str = "", session_endpoint: str = "", **values: str
) -> Owner:
    """Return the owner with this id; ``back_href`` leads to where all therapists are.

    Raises NotFound for somebody who is no therapist, or was archived.
    """
    found = None if therapist_id is None else therapist_by_id(db.session(), therapist_id)
    if found is None or found.archived_at is not None:
        raise NotFound("This account has no hours of its own.")
    return Owner(found, prefix, tuple(values.items()), back_href, session_endpoint)


def place_choices() -> dict[str, str]:
    """Return the places that hours can have, as a form offers them: each alone, or with online sessions too."""
    choices = {ONLINE: "Online"}
    for place in active_locations(db.session()):
        choices[place.public_id] = place.name
        choices[place.public_id + AND_ONLINE] = f"{place.name}, or online"
    return choices


def place_value(location: Location | None, *, is_online: bool) -> str:
    """Return the choice that stands for a row of hours."""
    if location is None:
        return ONLINE
    return location.public_id + (AND_ONLINE if is_online else "")


def place_words(location: Location | None, *, is_online: bool) -> str:
    """ "West 12th Street, or online"."""
    if location is None:
        return "Online"
    return f"{location.name}, or online" if is_online else location.name


def read_place(value: str) -> tuple[str, bool]:
    """Return the location's public id ("" online only) and whether online sessions are possible."""
    if value == ONLINE:
        return "", True
    return value.removesuffix(AND_ONLINE), value.endswith(AND_ONLINE)
