"""Setting up the practice: its name, zone and policies, and the days on which it is closed. All of it is audited."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.domain.permissions import SYSTEM, Identity
from practice.models import Closure, Location, Practice
from practice.queries.practice import the_practice
from practice.services import audit
from practice.services.keeping import take_turns


@dataclass(frozen=True, slots=True)
class NewPractice:
    """What a practice cannot be without; all else has defaults that the admin pages change."""

    name: str
    zone: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class PracticeWords:
    """What a practice is called, where it is, and what it says of itself."""

    name: str
    zone: str
    country: str
    currency: str
    locale: str
    email: str = ""
    phone: str = ""
    about: str = ""
    crisis_text: str = ""
    npi: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Policies:
    """What holds for every booking. Fees are in the practice's smallest unit.

    A request is answered within ``answer_hours``, or lapses. With ``checks_licences`` sessions online are offered where
    a therapist is licensed; with ``gives_estimates`` what they will cost is written down before they begin.
    """

    notice_minutes: int
    window_days: int
    free_cancel_hours: int
    late_fee_cents: int
    hold_minutes: int
    request_minutes: int
    allows_full_names_in_feeds: bool
    answer_hours: int = 48
    checks_licences: bool = False
    gives_estimates: bool = False


@dataclass(frozen=True, slots=True)
class ConsentPolicies:
    """At what ages, and of how many guardians, consent to care is asked for."""

    majority_age: int
    consents_alone_age: int
    consents_needed: int


@dataclass(frozen=True, slots=True)
class Look:
    """How the practice looks: a line under its name, and its colour ("#2a6656"), or "" for the usual one."""

    tagline: str
    accent: str


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day of a holiday calendar: its key ("US-NY:2026-12-25"), its name, and when it begins and ends."""

    key: str
    name: str
    starts_at: datetime
    ends_at: datetime


def create_practice(session: Session, new: NewPractice, *, now: datetime) -> None:
    """Make the one practice, without people, places or services. Raises ImpossibleStep where there is one."""
    if session.scalar(select(exists().where(Practice.id == 1))):
        raise ImpossibleStep("There is a practice in this database already. Nothing was changed.")
    session.add(Practice(id=1, name=new.name, zone=new.zone, email=new.email, created_at=now))
    session.flush()
    audit.record(session, "practice.created", by=SYSTEM, now=now)


def change_practice(
    session: Session, new: PracticeWords | Policies | ConsentPolicies | Look, *, by: Identity, now: datetime
) -> None:
    """Give the practice new words or new policies. Policies hold from now on, for sessions booked before, too."""
    practice = the_practice(session)
    values = asdict(new)
    changed = sorted(name for name, value in values.items() if getattr(practice, name) != value)
    for name in changed:
        setattr(practice, name, values[name])
    session.flush()
    if changed:
        audit.record(session, "practice.changed", by=by, now=now, subject=("practice", "1"), fields=changed)


def add_closure(
    session: Session, name: str, location: str, starts_at: datetime, ends_at: datetime, *, by: Identity, now: datetime
) -> Closure:
    """Close a location (its public id), or with "" the whole practice. Sessions that are booked stay booked.

    The same form sent twice closes once. Raises ValidationFailed where it ends before it starts, or is over.
    """
    if ends_at <= starts_at:
        raise _wrong("ends_on", "The end must be after the start.")
    if ends_at <= now:
        raise _wrong("ends_on", "Choose an end that is still to come.")
    take_turns(session)
    values = {"location_id": _location_id(session, location), "name": name, "starts_at": starts_at, "ends_at": ends_at}
    same = session.scalars(select(Closure).filter_by(**values).order_by(Closure.id)).first()
    if same is not None:
        return same
    made = Closure(**values)
    session.add(made)
    session.flush()
    audit.record(session, "closure.added", by=by, now=now, subject=("closure", made.public_id))
    return made


def add_holidays(session: Session, days: Sequence[ClosedDay], location: str, *, by: Identity, now: datetime) -> int:
    """Close a location (its public id), or with "" the whole practice, on days of a holiday calendar; return how many.

    A day that was added before, or is over, adds nothing. Sessions that are booked stay booked.
    """
    take_turns(session)
    location_id = _location_id(session, location)
    keys = [day.key for day in days]
    there = set(
        session.scalars(
            select(Closure.holiday).where(
                Closure.holiday.in_(keys), Closure.location_id.is_not_distinct_from(location_id)
            )
        )
    )
    made = [
        Closure(location_id=location_id, holiday=day.key, name=day.name, starts_at=day.starts_at, ends_at=day.ends_at)
        for day in days
        if day.key not in there and day.ends_at > now
    ]
    session.add_all(made)
    session.flush()
    for each in made:
        subject = ("closure", each.public_id)
        audit.record(session, "closure.added", by=by, now=now, subject=subject, holiday=each.holiday)
    return len(made)


def remove_closure(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Open again: what is to come vanishes, what goes on ends now. Raises NotFound for a closure that is over."""
    found = session.scalars(select(Closure).where(Closure.public_id == public_id)).one_or_none()
    if found is None or found.ends_at <= now:
        raise NotFound
    if found.starts_at < now:
        found.ends_at = now
    else:
        session.delete(found)
    session.flush()
    audit.record(session, "closure.removed", by=by, now=now, subject=("closure", public_id))


def _location_id(session: Session, public_id: str) -> int | None:
    if not public_id:
        return None
    found = session.scalar(select(Location.id).where(Location.public_id == public_id, Location.archived_at.is_(None)))
    if found is None:
        raise _wrong("location", "Choose a place from the list.")
    return found


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={field: sentence})
