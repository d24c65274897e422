"""The licences of therapists, as clients read them. Every change is audited."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.domain.permissions import Identity
from practice.models import Licence, Therapist
from practice.services import audit


@dataclass(frozen=True, slots=True)
class LicenceDetails:
    """A licence to practise: what it is called, where it holds, its number, and its last day where it has one."""

    title: str
    region: str
    number: str
    expires_on: date | None = None


def licences_of(session: Session, therapist_id: int) -> Sequence[Licence]:
    """Return a therapist's licences in their order."""
    theirs = select(Licence).where(Licence.therapist_id == therapist_id)
    return session.scalars(theirs.order_by(Licence.position, Licence.id)).all()


def set_licences(
    session: Session, therapist: Therapist, licences: Sequence[LicenceDetails], *, by: Identity, now: datetime
) -> None:
    """Let a therapist have exactly these licences, in this order. Nothing is done, or noted, where they have them."""
    known = [
        LicenceDetails(each.title, each.region, each.number, each.expires_on)
        for each in licences_of(session, therapist.id)
    ]
    if known == list(licences):
        return
    session.execute(delete(Licence).where(Licence.therapist_id == therapist.id))
    session.add_all(
        Licence(therapist_id=therapist.id, position=number, **asdict(each)) for number, each in enumerate(licences, 1)
    )
    session.flush()
    subject = ("therapist", therapist.public_id)
    audit.record(session, "licences.set", by=by, now=now, subject=subject, count=len(licences))
