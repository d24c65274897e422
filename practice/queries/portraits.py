"""What else is shown of therapists: their photos and their licences."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from practice.models import Licence
from practice.queries.images import photos_of


@dataclass(frozen=True, slots=True)
class Portraits:
    """The digests of photos, and the licences that are valid, by therapist id."""

    photos: dict[int, str] = field(default_factory=dict)
    licences: dict[int, tuple[Licence, ...]] = field(default_factory=dict)


def portraits(session: Session, therapist_ids: Sequence[int], today: date) -> Portraits:
    """Return the portraits of some therapists. Two statements."""
    valid = or_(Licence.expires_on.is_(None), Licence.expires_on >= today)
    found: dict[int, list[Licence]] = defaultdict(list)
    for licence in session.scalars(
        select(Licence)
        .where(Licence.therapist_id.in_(therapist_ids), valid)
        .order_by(Licence.therapist_id, Licence.position, Licence.id)
    ):
        found[licence.therapist_id].append(licence)
    return Portraits(photos_of(session, therapist_ids), {key: tuple(rows) for key, rows in found.items()})
