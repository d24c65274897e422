"""What the practice says of a group and asks of those who come: the card, the fewest people, the agreement."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import AgreementKind, ServiceKind
from practice.queries.agreements import current_agreement
from practice.services import audit
from practice.services.agreements import publish
from practice.services.offering import service_named

STAYS = "An agreement that was published stays. You can change its words, and it is asked anew."


@dataclass(frozen=True, slots=True)
class GroupRules:
    """The words of the card that are a group's own, and what happens with few people."""

    wear_bring: str
    step_out: str
    late_welcome: str
    minimum: int
    decide_hours: int
    below_minimum: str


def set_group_rules(
    session: Session, public_id: str, rules: GroupRules, agreement: str, *, by: Identity, now: datetime
) -> None:
    """Change what is said of a group from now on; dates that are made keep their fewest people.

    An ``agreement`` with other words than the last one is a new version, which the next enrolment asks for. Raises
    NotFound where it is no group, ValidationFailed where an agreement would be taken away.
    """
    service = service_named(session, public_id)
    if service.kind != ServiceKind.GROUP:
        raise NotFound
    if agreement.strip():
        publish(session, AgreementKind.GROUP, agreement, by=by, now=now, service_id=service.id)
    elif current_agreement(session, AgreementKind.GROUP, service.id) is not None:
        raise ValidationFailed(STAYS, errors={"agreement": STAYS})
    values = asdict(rules)
    changed = sorted(name for name, value in values.items() if getattr(service, name) != value)
    for name in changed:
        setattr(service, name, values[name])
    session.flush()
    audit.record(session, "service.changed", by=by, now=now, subject=("service", public_id), fields=changed)
