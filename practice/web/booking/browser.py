"""What a browser remembers while it books: a secret that its holds are bound to, and what was typed for each of them.

All of it stands in the signed session cookie, which no script can read. What was typed is forgotten when it was sent.
"""

from dataclasses import asdict, dataclass
from typing import Any

from flask import session

from practice.domain.errors import NotFound
from practice.domain.tokens import hash_token, new_token
from practice.web.booking.path import Chosen

HOLDER, DRAFTS, BOOKED = "holder", "drafts", "booked"
TYPED = ("name", "other_name", "email", "phone", "pronouns", "safe_contact")
MOST_DRAFTS, MOST_BOOKED = 2, 5


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen and typed for one hold; ``start`` is its epoch minute, ``appointment`` what it keeps."""

    service: str
    therapist: str
    meet: str
    start: int
    who: str
    appointment: str = ""
    name: str = ""
    other_name: str = ""
    email: str = ""
    phone: str = ""
    pronouns: str = ""
    safe_contact: str = ""


def holder_hash() -> bytes:
    """Return what this browser's holds are bound to."""
    if HOLDER not in session:
        session[HOLDER] = new_token()
    return hash_token(session[HOLDER])


def draft_of(hold_id: str) -> Draft:
    """Return what was typed for a hold. Raises NotFound where this browser never held it."""
    found: dict[str, Any] | None = session.get(DRAFTS, {}).get(hold_id)
    if found is None:
        raise NotFound
    return Draft(**found)


def draft_for(service: str, chosen: Chosen, appointment_id: str) -> Draft:
    """Return a draft for a new hold of an appointment; what was typed for an earlier one is not asked again."""
    start, _, therapist = chosen.at.partition(".")
    earlier: dict[str, Any] = next(reversed(list(session.get(DRAFTS, {}).values())), {})
    typed = {name: earlier[name] for name in TYPED if name in earlier}
    return Draft(service, therapist, chosen.meet or "", int(start), chosen.who, appointment_id, **typed)


def remember(hold_id: str, draft: Draft) -> None:
    """Keep what was typed for a hold; only the newest few are kept."""
    drafts = {key: value for key, value in session.get(DRAFTS, {}).items() if key != hold_id}
    drafts[hold_id] = {key: value for key, value in asdict(draft).items() if value != ""}
    session[DRAFTS] = dict(list(drafts.items())[-MOST_DRAFTS:])


def forget(hold_id: str) -> None:
    """Forget what was typed for a hold."""
    session[DRAFTS] = {key: value for key, value in session.get(DRAFTS, {}).items() if key != hold_id}


def forget_all() -> None:
    """Forget all that was typed in this browser."""
    session.pop(DRAFTS, None)


def note_booked(hold_id: str, appointment_id: str) -> None:
    """Let this browser see the appointment that it booked from a hold (public ids), and forget what was typed."""
    forget(hold_id)
    booked = {**session.get(BOOKED, {}), hold_id: appointment_id}
    session[BOOKED] = dict(list(booked.items())[-MOST_BOOKED:])


def has_booked(appointment_id: str) -> bool:
    """Whether this browser booked the appointment."""
    return appointment_id in session.get(BOOKED, {}).values()


def booked_from(hold_id: str) -> str | None:
    """Return the appointment that this browser booked from a hold, or None."""
    found: str | None = session.get(BOOKED, {}).get(hold_id)
    return found
