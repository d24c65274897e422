"""What the demo practice says of its groups: cards, the fewest people, an agreement, and a course."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from practice.domain.intervals import instant
from practice.models import Agreement, AgreementKind, BelowMinimum, Course, Enrolment
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import Session
from practice.services.demo.catalogue import SERVICES
from practice.services.demo.plan import Plan

COURSE_ID = 1
COURSE_OF = "inner-child-circle"
AGREEMENT = """What is said in the circle stays in the circle. We do not tell others who was here.

We speak of ourselves, and listen without giving advice. Nobody has to speak, and everybody may stop at any time.

We meet from a place where nobody listens in, and record nothing.

Whoever needs more than the circle can give talks to us, and we look for it together."""


@dataclass(frozen=True)
class GroupWords:
    """The card's own words of a group, and what happens when few people come."""

    wear_bring: str
    step_out: str
    late_welcome: str
    minimum: int
    below_minimum: str
    decide_hours: int = 24


WORDS = {
    "move-and-play": GroupWords(
        "Clothes that you can move in, and socks. Bring water; there are mats and blankets.",
        "The door stays open. Step out whenever you like, and come back when you are ready.",
        "Come in quietly and join when you like. Somebody shows you where we are.",
        4,
        BelowMinimum.GO_ON.value,
    ),
    "inner-child-circle": GroupWords(
        "A quiet place, a drink, and an object from your childhood if you have one.",
        "Switch your camera off, or leave for a while. Nobody asks why.",
        "The link works until the end. Join when you can.",
        3,
        BelowMinimum.CANCEL.value,
    ),
}


def service_words(slug: str) -> dict[str, object]:
    """Return the columns of a service that only groups fill in."""
    found = WORDS.get(slug)
    return {
        "wear_bring": found.wear_bring if found else "",
        "step_out": found.step_out if found else "",
        "late_welcome": found.late_welcome if found else "",
        "minimum": found.minimum if found else 0,
        "decide_hours": found.decide_hours if found else 24,
        "below_minimum": found.below_minimum if found else BelowMinimum.GO_ON.value,
    }


def group_columns(plan: Plan, session: Session) -> tuple[int | None, int, datetime | None, str]:
    """Return an appointment's course, its fewest people, when its lead is asked, and what happens by itself."""
    found = WORDS.get(session.service.slug)
    if found is None:
        return None, 0, None, BelowMinimum.GO_ON.value
    is_course = session.service.slug == COURSE_OF and session.circle == 1 and instant(session.start) > plan.now
    asked_at = instant(session.start) - timedelta(hours=found.decide_hours)
    return COURSE_ID if is_course else None, found.minimum, asked_at, found.below_minimum


def make_courses(plan: Plan) -> list[Batch]:
    """Return the course, and what people agree to before they come to it."""
    service_id = 1 + [service.slug for service in SERVICES].index(COURSE_OF)
    made_at = plan.now - timedelta(days=30)
    course = {
        "id": COURSE_ID,
        "public_id": plan.public_id("course", COURSE_ID),
        "service_id": service_id,
        "name": "Winter circle",
        "enrol": Enrolment.BOTH.value,
        "created_at": made_at,
    }
    agreement = {
        "id": 1,
        "public_id": plan.public_id("agreement", 1),
        "kind": AgreementKind.GROUP.value,
        "service_id": service_id,
        "number": 1,
        "text": AGREEMENT,
        "sha256": sha256(AGREEMENT.encode()).hexdigest(),
        "published_at": made_at,
    }
    return [from_dicts(Course.__table__, [course]), from_dicts(Agreement.__table__, [agreement])]
