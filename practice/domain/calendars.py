"""What a calendar feed may say: its kinds, privacy levels and titles."""

import hashlib
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

KIND_LEVELS: Mapping[str, tuple[str, ...]] = {
    "therapist": ("busy", "code", "initials", "full"),
    "client": ("busy", "appointment"),
    "practice": ("busy", "code", "initials", "full"),
}
DAYS_BACK, DAYS_AHEAD = 30, 180
CANCELLED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed shows: starts in ``[starts_at, ends_at)``; cancelled ones only if cancelled since then."""

    starts_at: datetime
    ends_at: datetime
    cancelled_since: datetime


@dataclass(frozen=True, slots=True)
class Attendee:
    """One client of a session, as far as a title may need them."""

    public_id: str
    name: str


def window_of(midnight: datetime) -> Window:
    """Return the window around the practice's day that began at ``midnight``; it slides once a day."""
    return Window(
        starts_at=midnight - timedelta(days=DAYS_BACK),
        ends_at=midnight + timedelta(days=DAYS_AHEAD + 1),
        cancelled_since=midnight - timedelta(days=CANCELLED_DAYS),
    )


def levels_of(kind: str, *, allows_full_names: bool) -> tuple[str, ...]:
    """Return the privacy levels that a feed of this kind may have now."""
    return tuple(level for level in KIND_LEVELS.get(kind, ()) if level != "full" or allows_full_names)


def level_in_force(level: str, *, allows_full_names: bool) -> str:
    """Return the level a feed is shown at: a full name needs the practice's setting at the moment of reading."""
    return "initials" if level == "full" and not allows_full_names else level


def session_title(level: str, attendees: Sequence[Attendee], *, is_group: bool) -> str:
    """Return a session's title at this level. A group is never a list of names."""
    if level in {"busy", "appointment"}:
        return level.capitalize()
    if is_group:
        return f"Group ({len(attendees)})"
    names = " & ".join(_called(level, attendee) for attendee in attendees)
    return names or "Busy"


def client_code(public_id: str) -> str:
    """Return the short code under which a client appears: stable, and not to be turned back into the id."""
    return b32encode(hashlib.sha256(f"calendar code {public_id}".encode()).digest())[:4].decode()


def initials(name: str) -> str:
    """Return the first letters of each part of a name, such as "A. B." for "Alice Brown"."""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def _called(level: str, attendee: Attendee) -> str:
    if level == "full":
        return attendee.name
    if level == "initials":
        return initials(attendee.name)
    return f"Client {client_code(attendee.public_id)}"
