"""What a browser remembers while it books: a secret that its holds are bound to, and what was typed for each of them.

All of it stands in the signed session cookie, which no script can read. What was typed is forgotten when it was sent.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import session

from practice.domain.errors import NotFound
from practice.domain.intervals import minute_floor
from practice.domain.tokens import hash_token, new_token
from practice.models import Appointment
from practice.web.booking.path import Chosen

HOLDER, DRAFTS, BOOKED, COURSES = "holder", "drafts", "booked", "courses"
TYPED = ("name", "other_name", "email", "phone", "pronouns", "safe_contact")
MOST_DRAFTS, MOST_BOOKED = 2, 5


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen and typed for one hold; ``start`` is its epoch minute, ``appointment`` what it keeps.

    ``course`` is the course that is kept as a whole, "" where it is one time; ``agreement`` the version of a group's
    agreement that was agreed to; ``length`` is in minutes, 0 where the service's own; ``region`` is where somebody said
    to be online.
    """

    service: str
    therapist: str
    meet: str
    start: int
    who: str
    appointment: str = ""
    course: str = ""
    agreement: str = ""
    length: int = 0
    region: str = ""
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
    draft = Draft(service, therapist, chosen.meet or "", int(start), chosen.who, appointment_id, **_typed())
    return replace(draft, length=chosen.length or 0, region=chosen.region)


def course_draft(service: str, who: str, first: Appointment, appointment_id: str, course: str) -> Draft:
    """Return a draft for a course that is kept as a whole, with its first date as the time."""
    start, therapist = minute_floor(first.starts_at), first.lead.slug
    return Draft(service, therapist, first.modality, start, who, appointment_id, course, **_typed())


def _typed() -> dict[str, Any]:
    """Return what was typed for an earlier hold: it is not asked again."""
    earlier: dict[str, Any] = next(reversed(list(session.get(DRAFTS, {}).values())), {})
    return {name: earlier[name] for name in TYPED if name in earlier}


def remember(hold_id: str, draft: Draft) -> None:
    """Keep what was typed for a hold; only the newest few are kept."""
    drafts = {key: value for key, value in session.get(DRAFTS, {}).items() if key != hold_id}
    drafts[hold_id] = {key: value for key, value in asdict(draft).items() if value not in ("", 0)}
    session[DRAFTS] = dict(list(drafts.items())[-MOST_DRAFTS:])


def forget(hold_id: str) -> None:
    """Forget what was typed for a hold."""
    session[DRAFTS] = {key: value for key, value in session.get(DRAFTS, {}).items() if key != hold_id}


def forget_all() -> None:
    """Forget all that was typed in this browser."""
    session.pop(DRAFTS, None)


def note_booked(hold_id: str, appointment_id: str, *, is_course: bool = False) -> None:
    """Let this browser see the appointment that it booked from a hold (public ids), and forget what was typed.

    ``is_course`` says that all dates of its course were booked with it.
    """
    forget(hold_id)
    if is_course:
        session[COURSES] = [*session.get(COURSES, []), appointment_id][-MOST_BOOKED:]
    booked = {**session.get(BOOKED, {}), hold_id: appointment_id}
    session[BOOKED] = dict(list(booked.items())[-MOST_BOOKED:])


def has_booked(appointment_id: str) -> bool:
    """Whether this browser booked the appointment."""
    return appointment_id in session.get(BOOKED, {}).values()


def has_booked_course(appointment_id: str) -> bool:
    """Whether this browser booked all dates of the course that begins with the appointment."""
    return appointment_id in session.get(COURSES, [])


def booked_from(hold_id: str) -> str | None:
    """Return the appointment that this browser booked from a hold, or None."""
    found: str | None = session.get(BOOKED, {}).get(hold_id)
    return found
