"""The history of a session in words: what happened, when, and who did it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from practice.models import Appointment
from practice.queries.history import SHOWN, Act
from practice.web.anyway_words import rules_words
from practice.web.presenting import format_moment
from practice.web.sessions_shown import View

WORDS: Final = {
    "appointment.booked": "Booked",
    "appointment.requested": "Asked for",
    "appointment.accepted": "Accepted",
    "appointment.declined": "Declined",
    "appointment.lapsed": "Not answered in time",
    "appointment.withdrawn": "Taken back",
    "appointment.moved": "Moved",
    "appointment.swapped": "Swapped with another session",
    "appointment.cancelled": "Cancelled",
    "appointment.cancellation_undone": "Cancellation taken back",
    "attendance.booked": "{} is booked, as before",
    "attendance.arrived": "{} arrived",
    "attendance.completed": "Completed with {}",
    "attendance.no_show": "{} did not come",
    "attendance.cancelled": "The place of {} was cancelled",
    "attendance.cancellation_undone": "The place of {} is theirs again",
    "attendance.fee_noted": "The fee of {} was noted",
    "attendance.fee_waived": "The late fee of {} was waived",
    "attendance.waiver_taken_back": "The late fee of {} is noted after all",
    "attendance.fee_taken_back": "The fee of {} is not noted any more",
    "group_date.added": "This date was made",
}
SWAPPED: Final = {
    "times": "Swapped times with another session",
    "rooms": "Swapped rooms with another session",
    "therapists": "Swapped therapists with another session",
}
BEGINNINGS: Final = ("appointment.booked", "appointment.requested", "group_date.added")
BY: Final = {"token": "by a program", "stranger": "online", "system": "by the system"}


@dataclass(frozen=True, slots=True)
class Entry:
    """ "Moved from Monday to Tuesday", "Monday 23 November, 10:30 AM, by Dee"."""

    words: str
    when: str


def history_shown(acts: Sequence[Act], appointment: Appointment, view: View) -> tuple[Entry, ...]:
    """Return the acts on a session, oldest first."""
    began = Act(appointment.created_at, "appointment.booked", "", "", "", {})
    is_told = len(acts) >= SHOWN or any(act.action in BEGINNINGS for act in acts)
    acts = acts if is_told else [began, *acts]
    names = {each.public_id: view.name_of(each.client) for each in appointment.attendances}
    return tuple(
        Entry(
            f"{_words(act, names.get(act.subject, 'Somebody'))}{_between(act.detail, view)}{_anyway(act.detail)}",
            ", ".join(part for part in (format_moment(act.at, view.zone, view.habit), _by(act)) if part),
        )
        for act in acts
    )


def _by(act: Act) -> str:
    return f"by {act.actor}" if act.actor else BY.get(act.actor_kind, "")


def _words(act: Act, name: str) -> str:
    if act.action == "appointment.swapped":
        return SWAPPED.get(act.detail.get("what", ""), WORDS[act.action])
    known = WORDS.get(act.action)
    return known.format(name) if known else act.action.rpartition(".")[2].replace("_", " ").capitalize()


def _between(detail: Mapping[str, Any], view: View) -> str:
    """ " from Monday 23 November, 2:00 PM to Tuesday 24 November, 3:00 PM", where both times are on record."""
    if "from_at" not in detail or "to_at" not in detail:
        return ""
    first, last = (
        format_moment(datetime.fromisoformat(detail[name]), view.zone, view.habit) for name in ("from_at", "to_at")
    )
    return f" from {first} to {last}" if first != last else ", at the same time"


def _anyway(detail: Mapping[str, Any]) -> str:
    """ ", although: outside working hours", where it was done against a rule."""
    words = rules_words(detail.get("anyway") or ())
    return f", although: {words}" if words else ""
