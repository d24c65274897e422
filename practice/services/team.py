"""Who leads sessions: therapists, each something that can be busy. Every change is audited."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Resource, ResourceKind, Therapist
from practice.services import audit
from practice.services.keeping import same_in_use
from practice.services.slugs import free_slug


@dataclass(frozen=True, slots=True)
class TherapistDetails:
    """What is known of a therapist; ``zone`` is where their online hours are, ``supervisor`` a colleague's slug or "".

    The load guard: at most ``max_in_row`` sessions before a break, ``max_a_day``, ``max_first_a_week`` with somebody
    new; None is no limit.
    """

    name: str
    zone: str
    listing: str
    takes_new_clients: bool
    credentials: str = ""
    pronouns: str = ""
    about: str = ""
    helps_with: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    max_in_row: int | None = None
    break_minutes: int = 30
    max_a_day: int | None = None
    max_first_a_week: int | None = None
    supervisor: str = ""
    works_with_interpreter: bool = False
    npi: str = ""


def add_therapist(session: Session, new: TherapistDetails, *, by: Identity, now: datetime) -> Therapist:
    """Add a therapist after the others, as somebody who can be busy; the same words sent twice are one person.

    An account is given to them by an invitation. Raises ValidationFailed for a supervisor who cannot be one.
    """
    values = _columns(new) | {"supervisor_id": _supervisor_id(session, new.supervisor)}
    same = same_in_use(session, Therapist, values)
    if same is not None:
        return same
    resource = Resource(kind=ResourceKind.THERAPIST)
    session.add(resource)
    session.flush()
    made = Therapist(
        slug=free_slug(session, Therapist.slug, new.name, "therapist"),
        resource_id=resource.id,
        position=(session.scalar(select(func.max(Therapist.position))) or 0) + 1,
        **values,
    )
    session.add(made)
    session.flush()
    audit.record(session, "therapist.added", by=by, now=now, subject=("therapist", made.public_id))
    return made


def change_therapist(session: Session, slug: str, new: TherapistDetails, *, by: Identity, now: datetime) -> None:
    """Change a therapist. Hours that exist keep the zone that they were made in.

    Raises NotFound, or ValidationFailed for a supervisor who cannot be one.
    """
    therapist = therapist_named(session, slug)
    values = _columns(new) | {"supervisor_id": _supervisor_id(session, new.supervisor, of=therapist)}
    changed = sorted(name for name, value in values.items() if getattr(therapist, name) != value)
    for name in changed:
        setattr(therapist, name, values[name])
    session.flush()
    subject = ("therapist", therapist.public_id)
    audit.record(session, "therapist.changed", by=by, now=now, subject=subject, fields=changed)


def archive_therapist(session: Session, slug: str, *, is_archived: bool, by: Identity, now: datetime) -> None:
    """Take a therapist out of the offer, or bring them back. Sessions that are booked stay booked. Raises NotFound."""
    therapist = therapist_named(session, slug)
    therapist.archived_at = now if is_archived else None
    session.flush()
    action = "therapist.archived" if is_archived else "therapist.restored"
    audit.record(session, action, by=by, now=now, subject=("therapist", therapist.public_id))


def therapist_of(details: TherapistDetails, *, like: Therapist | None = None) -> Therapist:
    """Return the therapist that ``details`` would make, stored nowhere: with the photo and offers of ``like``."""
    values = _columns(details)
    if like is None:
        return Therapist(**values, slug="preview")
    return Therapist(**values, id=like.id, slug=like.slug, photo_id=like.photo_id)


def therapist_named(session: Session, slug: str) -> Therapist:
    """Return the therapist with this slug, archived or not. Raises NotFound."""
    found = session.scalars(select(Therapist).where(Therapist.slug == slug)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _supervisor_id(session: Session, slug: str, *, of: Therapist | None = None) -> int | None:
    """Return the id of a supervisor. Nobody is their own, and two do not supervise each other."""
    if not slug:
        return None
    found = session.scalars(select(Therapist).where(Therapist.slug == slug)).one_or_none()
    is_known = found is not None and (found.archived_at is None or (of is not None and of.supervisor_id == found.id))
    if found is None or not is_known:
        raise _wrong("Choose a colleague from the list.")
    if of is not None and of.id in (found.id, found.supervisor_id):
        raise _wrong("Choose somebody else: two people do not supervise each other.")
    return found.id


def _wrong(sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={"supervisor": sentence})


def _columns(new: TherapistDetails) -> dict[str, Any]:
    words = {name: list(getattr(new, name)) for name in ("helps_with", "approaches", "languages")}
    values = asdict(new) | words
    del values["supervisor"]
    return values
