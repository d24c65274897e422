"""Rows of the demo practice about sessions that are asked for: a few wait for their therapists' answer."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from practice.domain.intervals import instant
from practice.models import Decision, DecisionKind
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import Session
from practice.services.demo.plan import Plan

FIRST_ID = 2  # the first question is about one of two
MOST = 6


def some_wait(plan: Plan, sessions: Sequence[Session], regulars: Collection[int]) -> list[Batch]:
    """Let sessions that need a yes wait for it: at most two of a therapist, none of ``regulars``, who come every week.

    Changes the sessions, and returns the questions.
    """
    since = plan.now + timedelta(days=3)
    asked: list[dict[str, Any]] = []
    for number, session in enumerate(sessions, 1):
        seats = session.live_seats
        is_free = len(session.seats) == len(seats) == 1 and seats[0][0] not in regulars
        theirs = sum(each["therapist_id"] == session.therapist + 1 for each in asked)
        if not session.service.needs_approval or not is_free or instant(session.start) < since or theirs > 1:
            continue
        session.answer_by = due_at = _answer_by(plan, len(asked))
        asked.append(
            {
                "id": FIRST_ID + len(asked),
                "public_id": plan.public_id("decision", FIRST_ID + len(asked)),
                "kind": DecisionKind.REQUEST.value,
                "therapist_id": session.therapist + 1,
                "appointment_id": number,
                "code": "",
                "due_at": due_at,
                "created_at": plan.now - timedelta(hours=3),
                "outcome": "",
            }
        )
        if len(asked) == MOST:
            break
    return [from_dicts(Decision.__table__, asked)] if asked else []


def _answer_by(plan: Plan, number: int) -> datetime:
    return plan.now + timedelta(hours=26 + 3 * number)
