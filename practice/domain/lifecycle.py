"""The life of appointments and of the places in them: one table of every step, who may take it, when, what it causes.

Services ask ``take`` before they change a status, so there is no second truth; `make docs` draws the diagrams from the
same rows. What a cancellation costs is in ``practice.domain.policy``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from practice.domain.errors import ImpossibleStep
from practice.domain.permissions import Identity, Permission

# For so long a cancellation can be undone, and for so long nobody is told of it.
UNDO_FOR: Final = timedelta(minutes=3)
NOTHING: Final = ""  # before a thing is there, and after it is gone without trace

LIVE: Final = ("booked", "arrived", "completed", "no_show")
OPEN: Final = ("booked", "arrived")
GIVEN_UP: Final = ("cancelled", "late_cancelled", "cancelled_by_practice")


class Actor(StrEnum):
    """In what capacity somebody makes a step."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    DESK = "desk"
    THERAPIST = "therapist"
    WORKER = "worker"
    PROGRAM = "program"


class When(StrEnum):
    """When a step may be made, in words."""

    ANY_TIME = "at any time"
    BEFORE_START = "before it begins"
    ONCE_BEGUN = "once it has begun"
    UNDO_TIME = "for three minutes"
    UNTIL_DUE = "until its time is up"
    ONCE_DUE = "once its time is up"


class Effect(StrEnum):
    """What a step causes beside the new status."""

    CLAIMS = "time is taken"
    RELEASES = "time goes back"
    TELLS = "people are told"
    TELLS_LATER = "people are told three minutes later"
    WITHDRAWS = "what was to be told is withdrawn"
    SEQUENCE = "calendars get a new number"
    FEE = "a late fee is noted"
    WAIVES = "the fee is waived, or noted after all"
    ASKS = "the therapist is asked"


@dataclass(frozen=True, slots=True)
class Step:
    """One way from a status to another."""

    name: str
    before: str
    after: str
    who: frozenset[Actor]
    when: When
    causes: frozenset[Effect]


@dataclass(frozen=True, slots=True)
class Moment:
    """What time it is, for a step: ``due_at`` ends a hold, a request or the time in which something can be undone."""

    now: datetime
    starts_at: datetime
    due_at: datetime | None = None

    def fits(self, when: When) -> bool:
        """Whether a step may be made now."""
        is_due = self.due_at is not None and self.due_at <= self.now
        return {
            When.ANY_TIME: True,
            When.BEFORE_START: self.now < self.starts_at,
            When.ONCE_BEGUN: self.now >= self.starts_at,
            When.UNDO_TIME: self.due_at is not None and not is_due,
            When.UNTIL_DUE: not is_due and self.now < self.starts_at,
            When.ONCE_DUE: is_due,
        }[when]


_LETTERS: Final = {"c": Actor.CLIENT, "g": Actor.GUARDIAN, "d": Actor.DESK, "t": Actor.THERAPIST, "w": Actor.WORKER}
_LETTERS["p"] = Actor.PROGRAM


def _step(name: str, before: str, after: str, who: str, when: When, *causes: Effect) -> Step:
    return Step(name, before, after, frozenset(_LETTERS[letter] for letter in who), when, frozenset(causes))


_TAKEN: Final = (Effect.CLAIMS, Effect.TELLS)
_GIVEN_BACK: Final = (Effect.RELEASES, Effect.TELLS_LATER, Effect.SEQUENCE)
_UNDONE: Final = (Effect.CLAIMS, Effect.WITHDRAWS, Effect.SEQUENCE)

APPOINTMENT: Final = (
    _step("keep", NOTHING, "held", "cgdw", When.BEFORE_START, Effect.CLAIMS),
    _step("ask", NOTHING, "requested", "cgp", When.BEFORE_START, *_TAKEN, Effect.ASKS),
    _step("book", NOTHING, "booked", "cgdtwp", When.ANY_TIME, *_TAKEN),
    _step("ask", "held", "requested", "cg", When.BEFORE_START, *_TAKEN, Effect.ASKS),
    _step("confirm", "held", "booked", "cgd", When.BEFORE_START, *_TAKEN),
    _step("let go", "held", NOTHING, "cgd", When.ANY_TIME, Effect.RELEASES),
    _step("lapse", "held", NOTHING, "w", When.ONCE_DUE, Effect.RELEASES),
    _step("accept", "requested", "booked", "td", When.UNTIL_DUE, Effect.TELLS),
    _step("decline", "requested", "cancelled", "td", When.UNTIL_DUE, Effect.RELEASES, Effect.TELLS),
    _step("withdraw", "requested", "cancelled", "cgdp", When.UNTIL_DUE, Effect.RELEASES),
    _step("lapse", "requested", "cancelled", "w", When.ONCE_DUE, Effect.RELEASES, Effect.TELLS),
    _step("move", "booked", "booked", "cgdtp", When.BEFORE_START, Effect.CLAIMS, *_GIVEN_BACK),
    _step("cancel", "booked", "cancelled", "cgp", When.BEFORE_START, *_GIVEN_BACK),
    _step("cancel for all", "booked", "cancelled", "dtwp", When.ANY_TIME, *_GIVEN_BACK),
    _step("undo", "cancelled", "booked", "cgdt", When.UNDO_TIME, *_UNDONE),
)

_NOTED: Final = "td"
ATTENDANCE: Final = (
    _step("take a place", NOTHING, "booked", "cgdtwp", When.ANY_TIME, *_TAKEN),
    _step("arrive", "booked", "arrived", "cgtd", When.ANY_TIME),
    _step("take back", "arrived", "booked", "cgtd", When.ANY_TIME),
    _step("complete", "booked", "completed", _NOTED, When.ONCE_BEGUN),
    _step("complete", "arrived", "completed", _NOTED, When.ONCE_BEGUN),
    _step("did not come", "booked", "no_show", _NOTED, When.ONCE_BEGUN),
    _step("did not come", "arrived", "no_show", _NOTED, When.ONCE_BEGUN),
    _step("put right", "completed", "booked", _NOTED, When.ANY_TIME),
    _step("put right", "completed", "arrived", _NOTED, When.ANY_TIME),
    _step("put right", "completed", "no_show", _NOTED, When.ONCE_BEGUN),
    _step("put right", "no_show", "booked", _NOTED, When.ANY_TIME),
    _step("put right", "no_show", "arrived", _NOTED, When.ANY_TIME),
    _step("put right", "no_show", "completed", _NOTED, When.ONCE_BEGUN),
    _step("cancel", "booked", "cancelled", "cgdp", When.BEFORE_START, *_GIVEN_BACK),
    _step("cancel late", "booked", "late_cancelled", "cgdp", When.BEFORE_START, *_GIVEN_BACK, Effect.FEE),
    _step("cancel for them", "booked", "cancelled_by_practice", "dtwp", When.ANY_TIME, *_GIVEN_BACK),
    _step("cancel for them", "arrived", "cancelled_by_practice", "dtwp", When.ANY_TIME, *_GIVEN_BACK),
    _step("waive", "late_cancelled", "late_cancelled", "d", When.ANY_TIME, Effect.WAIVES),
    _step("do not waive", "late_cancelled", "late_cancelled", "d", When.ANY_TIME, Effect.WAIVES),
    _step("undo", "cancelled", "booked", "cgdt", When.UNDO_TIME, *_UNDONE),
    _step("undo", "late_cancelled", "booked", "cgdt", When.UNDO_TIME, *_UNDONE),
    _step("undo", "cancelled_by_practice", "booked", "dt", When.UNDO_TIME, *_UNDONE),
    _step("come back", "cancelled", "booked", "cgdp", When.BEFORE_START, *_TAKEN, Effect.SEQUENCE),
    _step("come back", "late_cancelled", "booked", "cgdp", When.BEFORE_START, *_TAKEN, Effect.SEQUENCE),
    _step("come back", "cancelled_by_practice", "booked", "cgdp", When.BEFORE_START, *_TAKEN, Effect.SEQUENCE),
)

APPOINTMENT_STATES: Final = ("held", "requested", "booked", "cancelled")
ATTENDANCE_STATES: Final = (*LIVE, *GIVEN_UP)

# How sentences call a status: "A session that is …".
WORDS: Final[Mapping[str, str]] = {
    NOTHING: "new",
    "held": "only held",
    "requested": "waiting for an answer",
    "booked": "booked",
    "arrived": "marked as arrived",
    "completed": "completed",
    "no_show": "noted as not taken up",
    "cancelled": "cancelled",
    "late_cancelled": "cancelled late",
    "cancelled_by_practice": "cancelled by the practice",
}
TOO_LATE: Final[Mapping[When, str]] = {
    When.BEFORE_START: "That can only be done before the session begins.",
    When.ONCE_BEGUN: "That can only be noted once the session has begun.",
    When.UNDO_TIME: (
        "The message about it has gone out, so this cannot be undone any more. The time can be booked again."
    ),
    When.UNTIL_DUE: "The time to answer this is over, and the time of the session has gone back.",
    When.ONCE_DUE: "Its time is not up yet.",
}


def actors_of(by: Identity, client_ids: Iterable[int], therapist_ids: Iterable[int] = ()) -> frozenset[Actor]:
    """Return every capacity in which ``by`` stands to a session of these clients and therapists.

    Whoever may book for a client acts for them, as themself or as a guardian with that right. A stranger who gets as
    far as a service has proven an address, or is about to.
    """
    if by.kind in _KINDS:
        return _KINDS[by.kind]
    found = set()
    if by.can(Permission.DESK):
        found.add(Actor.DESK)
    if by.therapist_id is not None and by.therapist_id in set(therapist_ids):
        found.add(Actor.THERAPIST)
    if not by.books_for.isdisjoint(client_ids):
        found |= {Actor.CLIENT, Actor.GUARDIAN}
    return frozenset(found)


_KINDS: Final = {
    "stranger": frozenset({Actor.CLIENT, Actor.GUARDIAN}),
    "token": frozenset({Actor.PROGRAM}),
    "system": frozenset({Actor.WORKER}),
}


def take(
    steps: Iterable[Step], before: str, after: str, who: Collection[Actor], moment: Moment, *, name: str = ""
) -> Step:
    """Return the step from ``before`` to ``after``, the one called ``name`` where several lead there.

    Raises ImpossibleStep with a sentence that says why not: there is no such step, it is somebody else's, or not now.
    """
    there = [step for step in steps if (step.before, step.after) == (before, after) and name in ("", step.name)]
    if not there and name:
        raise ImpossibleStep(f"A session that is {WORDS[before]} is past that step: {name}.")
    if not there:
        raise ImpossibleStep(f"A session that is {WORDS[before]} cannot become {WORDS.get(after, after)}.")
    theirs = [step for step in there if not step.who.isdisjoint(who)]
    if not theirs:
        others = sorted({str(actor) for step in there for actor in step.who})
        raise ImpossibleStep(f"That is not yours to do. It is for: {', '.join(others)}.")
    for step in theirs:
        if moment.fits(step.when):
            return step
    raise ImpossibleStep(TOO_LATE[theirs[0].when])
