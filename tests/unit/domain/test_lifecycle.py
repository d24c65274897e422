"""Every pair of states, in every capacity, before and after the start: what is possible is written out once more."""

from datetime import datetime, timedelta

import pytest

from practice.domain.errors import ImpossibleStep
from practice.domain.lifecycle import (
    APPOINTMENT,
    APPOINTMENT_STATES,
    ATTENDANCE,
    ATTENDANCE_STATES,
    NOTHING,
    WORDS,
    Actor,
    Effect,
    Moment,
    actors_of,
    take,
)
from practice.domain.permissions import STRANGER, SYSTEM, Identity, permissions_of

NOW = datetime.fromisoformat("2026-11-23T14:00:00+00:00")
HOUR = timedelta(hours=1)
LETTERS = {"c": Actor.CLIENT, "g": Actor.GUARDIAN, "d": Actor.DESK, "t": Actor.THERAPIST, "w": Actor.WORKER}
LETTERS["p"] = Actor.PROGRAM
# What time it is: before the start, its time not up yet; before the start, its time up; the same after the start.
MOMENTS = {
    "before": Moment(NOW, NOW + HOUR, NOW + HOUR),
    "before, up": Moment(NOW, NOW + HOUR, NOW),
    "after": Moment(NOW, NOW, NOW + HOUR),
    "after, up": Moment(NOW, NOW, NOW),
}
# Who can make each step at each of the four moments. What is not here, nobody can.
APPOINTMENTS = {
    (NOTHING, "held"): ("cgdw", "cgdw", "", ""),
    (NOTHING, "requested"): ("cgp", "cgp", "", ""),
    (NOTHING, "booked"): ("cgdtwp", "cgdtwp", "cgdtwp", "cgdtwp"),
    ("held", NOTHING): ("cgd", "cgdw", "cgd", "cgdw"),
    ("held", "requested"): ("cg", "cg", "", ""),
    ("held", "booked"): ("cgd", "cgd", "", ""),
    ("requested", "booked"): ("td", "", "", ""),
    ("requested", "cancelled"): ("cgdtp", "w", "", "w"),
    ("booked", "booked"): ("cgdtp", "cgdtp", "", ""),
    ("booked", "cancelled"): ("cgdtwp", "cgdtwp", "dtwp", "dtwp"),
    ("cancelled", "booked"): ("cgdt", "", "cgdt", ""),
}
ALWAYS, OVER, OWN = ("cgtd",) * 4, ("", "", "td", "td"), ("cgdp", "cgdp", "", "")
PUT_RIGHT, BY_US = ("td",) * 4, ("dtwp",) * 4
BACK = ("cgdtp", "cgdp", "cgdt", "")
ATTENDANCES = {
    (NOTHING, "booked"): ("cgdtwp",) * 4,
    ("booked", "arrived"): ALWAYS,
    ("arrived", "booked"): ALWAYS,
    ("booked", "completed"): OVER,
    ("arrived", "completed"): OVER,
    ("booked", "no_show"): OVER,
    ("arrived", "no_show"): OVER,
    ("completed", "no_show"): OVER,
    ("no_show", "completed"): OVER,
    ("completed", "booked"): PUT_RIGHT,
    ("completed", "arrived"): PUT_RIGHT,
    ("no_show", "booked"): PUT_RIGHT,
    ("no_show", "arrived"): PUT_RIGHT,
    ("booked", "cancelled"): OWN,
    ("booked", "late_cancelled"): OWN,
    ("booked", "cancelled_by_practice"): BY_US,
    ("arrived", "cancelled_by_practice"): BY_US,
    ("late_cancelled", "late_cancelled"): ("d",) * 4,
    ("cancelled", "booked"): BACK,
    ("late_cancelled", "booked"): BACK,
    ("cancelled_by_practice", "booked"): ("cgdtp", "cgdp", "dt", ""),
}


@pytest.mark.parametrize(
    "steps, states, expected",
    [(APPOINTMENT, APPOINTMENT_STATES, APPOINTMENTS), (ATTENDANCE, ATTENDANCE_STATES, ATTENDANCES)],
    ids=["appointments", "attendances"],
)
def test_every_pair_of_states_is_possible_for_those_and_then_as_written_here(steps, states, expected) -> None:
    asked = 0
    for before in (NOTHING, *states):
        for after in (NOTHING, *states):
            rows = expected.get((before, after), ("", "", "", ""))
            for (name, moment), letters in zip(MOMENTS.items(), rows, strict=True):
                allowed = {LETTERS[letter] for letter in letters}
                for actor in Actor:
                    asked += 1
                    if actor in allowed:
                        found = take(steps, before, after, {actor}, moment)
                        assert (found.before, found.after) == (before, after)
                    else:
                        with pytest.raises(ImpossibleStep) as refused:
                            take(steps, before, after, {actor}, moment)
                        assert refused.value.message.endswith("."), (before, after, actor, name)
    assert asked == (len(states) + 1) ** 2 * len(MOMENTS) * len(Actor)


def test_what_is_impossible_is_said_clearly() -> None:
    with pytest.raises(ImpossibleStep, match="A session that is cancelled late cannot become marked as arrived"):
        take(ATTENDANCE, "late_cancelled", "arrived", {Actor.DESK}, MOMENTS["before"])
    with pytest.raises(ImpossibleStep, match=r"That is not yours to do\. It is for: desk, therapist"):
        take(APPOINTMENT, "requested", "booked", {Actor.CLIENT}, MOMENTS["before"])
    with pytest.raises(ImpossibleStep, match="once the session has begun"):
        take(ATTENDANCE, "booked", "no_show", {Actor.DESK}, MOMENTS["before"])
    with pytest.raises(ImpossibleStep, match="The message about it has gone out"):
        take(APPOINTMENT, "cancelled", "booked", {Actor.DESK}, MOMENTS["before, up"])


def test_what_gives_time_back_or_takes_it_says_so() -> None:
    """Whatever leads out of a state that keeps time releases it, whatever leads into one claims it."""
    keeps = {"held", "requested", "booked", "arrived", "completed", "no_show"}
    for step in (*APPOINTMENT, *ATTENDANCE):
        was, becomes = step.before in keeps, step.after in keeps
        assert (Effect.RELEASES in step.causes) == ((was and not becomes) or step.name == "move"), step
        # A held appointment that is confirmed claims its clients' time as well.
        assert (Effect.CLAIMS in step.causes) == ((becomes and not was) or (step.before == "held" and becomes)
                                                  or step.name == "move"), step  # fmt: skip
        assert (Effect.FEE in step.causes) == (step.after == "late_cancelled" != step.before)
        assert Effect.WITHDRAWS in step.causes or step.name != "undo"


def test_a_guardian_acts_as_the_client_would_and_every_state_has_a_word() -> None:
    for step in (*APPOINTMENT, *ATTENDANCE):
        assert (Actor.CLIENT in step.who) == (Actor.GUARDIAN in step.who)
        assert {step.before, step.after} <= set(WORDS)


def test_in_what_capacity_somebody_stands_to_a_session() -> None:
    own = frozenset({Actor.CLIENT, Actor.GUARDIAN})
    dee = Identity(kind="account", permissions=permissions_of(["front_desk"]))
    both = Identity(
        kind="account", permissions=permissions_of(["therapist", "client"]), therapist_id=7, books_for=frozenset({1})
    )
    assert actors_of(STRANGER, [1]) == own
    assert actors_of(SYSTEM, [1]) == {Actor.WORKER}
    assert actors_of(Identity(kind="token"), [1]) == {Actor.PROGRAM}
    assert actors_of(dee, [1], [7]) == {Actor.DESK}
    assert actors_of(both, [1], [8]) == own
    assert actors_of(both, [2], [7]) == {Actor.THERAPIST}
    assert actors_of(both, [2], [8]) == frozenset()
