"""Rows of good-faith estimates that are to be given for sessions some days ahead."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from practice.domain.estimates import later
from practice.domain.intervals import instant
from practice.models import AttendanceStatus, Estimate, ServiceKind
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import Session
from practice.services.demo.plan import Plan

MOST = 6
AHEAD = timedelta(days=7)


def make_estimates(plan: Plan, sessions: Sequence[Session]) -> Batch:
    """Return estimates of the first sessions of one person that begin a week from now or later."""
    rows: list[dict[str, Any]] = []
    for number, session in enumerate(sessions, 1):
        if len(rows) == MOST:
            break
        if (
            session.service.kind != ServiceKind.INDIVIDUAL
            or session.answer_by
            or instant(session.start) < plan.now + AHEAD
        ):
            continue
        rows.extend(
            {
                "id": len(rows) + 1,
                "public_id": plan.public_id("estimate", len(rows)),
                "client_id": client + 1,
                "appointment_id": number,
                "due_on": later(plan.today, 1 + len(rows) // 3, ()),
                "content": {},
                "created_at": plan.now - timedelta(hours=20),
            }
            for client, status in session.seats
            if status == AttendanceStatus.BOOKED
        )
    return from_dicts(Estimate.__table__, rows)
