"""Rows of the demo practice about who agrees to what: the agreement to care, consents, one of two who stays away."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from practice.domain.intervals import instant
from practice.models import Agreement, AgreementKind, Consent, Decision, DecisionKind, ServiceKind
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import DEMO_CHILD, DEMO_CLIENT, Session
from practice.services.demo.plan import Plan
from practice.services.demo.sign_ins import OTHER_GUARDIAN

CARE = (
    "We meet at the times that we agree on. You can cancel free of charge until the day before; after that, the fee is "
    "what you were told when you booked.\n\n"
    "What you say here stays between us, with the exceptions that the law makes: when somebody is in danger, or when a "
    "court orders it. We tell you first, wherever we can.\n\n"
    "You can ask about anything, see what we keep about you, and end this agreement at any time."
)
CARE_ID = 2  # the first agreement is a group's
AGREES = 0.9


def make_agreements(plan: Plan) -> list[Batch]:
    """Return the agreement to care and the consents of nearly everybody; for the child, of one of two guardians."""
    published = plan.now - timedelta(days=120)
    text = {
        "id": CARE_ID,
        "public_id": plan.public_id("agreement", CARE_ID),
        "kind": AgreementKind.CARE.value,
        "service_id": None,
        "number": 1,
        "text": CARE,
        "sha256": sha256(CARE.encode()).hexdigest(),
        "published_at": published,
    }
    chance, child = plan.chance("consents"), plan.therapists * DEMO_CHILD
    rows: list[dict[str, Any]] = []
    for number in range(plan.clients):
        has_agreed, days = chance.random() < AGREES, chance.randrange(1, 100)
        if number in (DEMO_CLIENT, child) or has_agreed:
            account = {DEMO_CLIENT: 1, child: OTHER_GUARDIAN}.get(number)
            rows.append(
                {
                    "id": len(rows) + 1,
                    "public_id": plan.public_id("consent", number),
                    "agreement_id": CARE_ID,
                    "client_id": number + 1,
                    "account_id": account,
                    "given_as": "guardian" if number == child else "self",
                    "given_at": plan.now - timedelta(days=days),
                }
            )
    return [from_dicts(Agreement.__table__, [text]), from_dicts(Consent.__table__, rows)]


def one_stays_away(plan: Plan, sessions: Sequence[Session]) -> list[Batch]:
    """Let one of two not come to a session for two, the first that is far enough ahead, and ask its therapist.

    Changes the session, and returns the question; nothing where there is no such session.
    """
    soon = plan.now + timedelta(days=2)
    for number, session in enumerate(sessions, 1):
        is_for_two = session.service.kind == ServiceKind.COUPLE and len(session.live_seats) > 1
        if is_for_two and not session.is_past and instant(session.start) > soon:
            session.seats[1] = (session.seats[1][0], "cancelled")
            asked = {
                "id": 1,
                "public_id": plan.public_id("decision", 1),
                "kind": DecisionKind.PARTNER.value,
                "therapist_id": session.therapist + 1,
                "appointment_id": number,
                "code": "cancelled",
                "due_at": soon,
                "created_at": plan.now,
                "outcome": "",
            }
            return [from_dicts(Decision.__table__, [asked])]
    return []
