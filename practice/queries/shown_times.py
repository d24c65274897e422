"""Open times as somebody on the site may see them: when something is open is no secret, who is unlisted is."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from practice.domain.asking import NOT_ASKING, NOTHING_YET, Asking
from practice.domain.errors import NotFound
from practice.domain.rule_book import Therapist
from practice.queries.slots import Times, times_of


def shown_times(
    session: Session,
    service: str,
    therapist: str | None,
    *,
    is_signed_in: bool,
    now: datetime,
    asking: Asking = NOT_ASKING,
) -> Times:
    """Return the open times of a service with one therapist, or with everyone who may be seen (slugs).

    Strangers see the times of what only clients book, too, but no therapist who is listed to clients only; and of what
    strangers book, only the times of those who take new clients. A stranger is taken for somebody new: theirs would be
    a first session. Raises NotFound.
    """
    if is_signed_in:
        return times_of(session, service, therapist, viewer="clients", now=now, asking=asking)
    # When something is open is no secret to them, also where a consultation has to come first: the booking says so.
    times = replace(
        times_of(session, service, therapist, viewer="clients", now=now, asking=asking._replace(past=NOTHING_YET)),
        refused=(),
    )
    if therapist is not None and times.rules.therapist_by_slug[therapist].listing != "public":
        raise NotFound
    welcomes_all = times.service.audience != "public" or times.service.kind == "group"

    def is_shown(each: Therapist) -> bool:
        return each.listing == "public" and (each.takes_new_clients or welcomes_all)

    shown = tuple(filter(is_shown, times.therapists))
    if len(shown) == len(times.therapists):
        return times
    ids = {each.id for each in shown}
    sessions = {slot: each for slot, each in times.sessions.items() if slot.therapist_id in ids}
    return replace(times, therapists=shown, sessions=sessions)
