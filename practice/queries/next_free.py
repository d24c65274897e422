"""When each of some therapists is free next."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from practice.queries.shown_times import shown_times
from practice.queries.slots import Times


def next_free(
    session: Session, wanted: Mapping[str, str], *, is_signed_in: bool, now: datetime
) -> dict[str, int | None]:
    """Return the first open start (an epoch minute) of each therapist for the service that is ``wanted`` of them.

    Slugs to slugs; None where nothing is open, or not to whoever asks. One statement a service, at most three.
    """
    by_service: dict[str, list[str]] = defaultdict(list)
    for therapist, service in wanted.items():
        by_service[service].append(therapist)
    found: dict[str, int | None] = {}
    for service, therapists in by_service.items():
        times = shown_times(session, service, None, is_signed_in=is_signed_in, now=now)
        found |= {therapist: first_start(times, therapist) for therapist in therapists}
    return found


def first_start(times: Times, therapist: str | None = None) -> int | None:
    """Return the first open start of one of the therapists of ``times``, or of anyone of them."""
    people = tuple(each for each in times.therapists if therapist in (None, each.slug))
    ids = {each.id for each in people}
    theirs = {slot: each for slot, each in times.sessions.items() if slot.therapist_id in ids}
    return replace(times, therapists=people, sessions=theirs).first_start() if people else None
