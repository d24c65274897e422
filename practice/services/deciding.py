"""Deciding what was put to a therapist, by somebody or by time. Each kind of question is a row of ``KINDS``."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.permissions import SYSTEM, Identity, Permission
from practice.models import Decision, DecisionKind
from practice.services import approving, audit, decisions, minimums, partner_answers, series_ahead

log = logging.getLogger("practice.worker")
BATCH = 50


class Answered(ImpossibleStep):
    """Somebody answered it before."""

    message = "This was answered already."


class Act(Protocol):
    """What follows from an answer. It takes its locks first; ``choice`` is a code from the answer's list, or ""."""

    def __call__(self, session: Session, decision: Decision, choice: str, *, by: Identity, now: datetime) -> None:
        """Do it, or raise ImpossibleStep or whatever else speaks against it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: what each answer causes, and which answer counts where nobody gives one in time."""

    answers: Mapping[str, Act]
    by_itself: Callable[[Session, Decision], str]


KINDS: Final[Mapping[str, Kind]] = {
    DecisionKind.REQUEST: Kind(
        answers={"accept": approving.accept, "decline": approving.decline, "lapse": approving.let_lapse},
        by_itself=lambda _session, _decision: "lapse",
    ),
    DecisionKind.PARTNER: Kind(
        answers={
            "go_on": partner_answers.go_on,
            "cancel": partner_answers.cancel_for_both,
            "other": partner_answers.choose_another,
        },
        by_itself=lambda _session, _decision: "go_on",
    ),
    DecisionKind.SERIES: Kind(
        answers={
            "skip": series_ahead.leave_out,
            "other": series_ahead.choose_another,
            "stop": series_ahead.end_before,
        },
        by_itself=lambda _session, _decision: "skip",  # it waits for ever, so this never happens
    ),
    DecisionKind.MINIMUM: Kind(
        answers={"go_on": minimums.let_go_on, "cancel": minimums.cancel_date, "lapse": minimums.let_lapse},
        by_itself=minimums.by_itself,
    ),
}
OF_TIME: Final = frozenset({"lapse"})  # answers that nobody can give


def decide(session: Session, public_id: str, answer: str, *, choice: str = "", by: Identity, now: datetime) -> str:
    """Answer a question: the therapist's own, or anybody's for the desk. Returns its kind.

    The same answer again changes nothing. Raises NotFound where it is not theirs or no such answer, ImpossibleStep
    where it was answered otherwise, and what the answer's own act raises.
    """
    decision = session.scalars(select(Decision).where(Decision.public_id == public_id)).one_or_none()
    if decision is None or not (by.can(Permission.DESK) or decision.therapist_id == by.therapist_id):
        raise NotFound
    if answer in OF_TIME or answer not in KINDS[decision.kind].answers:
        raise NotFound
    if decision.decided_at is not None:
        if decision.outcome == answer:
            return decision.kind
        raise Answered
    _decide(session, decision, answer, choice, by=by, now=now)
    return decision.kind


def _decide(session: Session, decision: Decision, answer: str, choice: str, *, by: Identity, now: datetime) -> None:
    KINDS[decision.kind].answers[answer](session, decision, choice, by=by, now=now)
    if not decisions.settle(session, decision.id, answer, by=by, now=now):
        session.refresh(decision)
        if decision.outcome != answer:
            raise Answered
    session.expire(decision)
    subject = ("decision", decision.public_id)
    audit.record(session, "decision.answered", by=by, now=now, subject=subject, outcome=answer)


def decide_due(session: Session, now: datetime) -> int:
    """Let happen what happens by itself to questions whose time is up, at most 50. Returns how many there were."""
    due = session.scalars(
        select(Decision)
        .where(Decision.decided_at.is_(None), Decision.due_at <= now, Decision.kind.in_(KINDS))
        .order_by(Decision.due_at, Decision.id)
        .limit(BATCH)
    ).all()
    for decision in due:
        answer = KINDS[decision.kind].by_itself(session, decision)
        try:
            _decide(session, decision, answer, "", by=SYSTEM, now=now)
        except Answered:
            log.info("The question %s was answered in this moment", decision.public_id)
    return len(due)
