"""Taking back what was just saved about hours, for a few minutes and in the same browser."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from flask import flash, g, redirect, session
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound
from practice.services.hours import remove_time_off
from practice.services.weekly_hours import Change, Kept, undo_weekly_hours
from practice.web.hours.owner import Owner

KEY: Final = "hours_undo"
FOR: Final = timedelta(minutes=10)
MOST: Final = 2_000  # characters: a cookie has room for four thousand


def remember_weekly(owner: Owner, change: Change) -> str:
    """Offer to take a change of weekly hours back; one that changed nothing leaves the offer as it is.

    Returns where that is offered.
    """
    return owner.url() if change.is_nothing else _remember(owner, {"weekly": asdict(change)})


def remember_time_off(owner: Owner, public_id: str) -> str:
    """Offer to take time off back. Returns where that is offered."""
    return _remember(owner, {"time_off": public_id})


def is_offered(owner: Owner) -> bool:
    """Whether something was saved for this therapist in the last minutes."""
    kept = session.get(KEY)
    return bool(kept and kept["of"] == owner.therapist.public_id and g.now - datetime.fromisoformat(kept["at"]) <= FOR)


def undo(owner: Owner) -> ResponseReturnValue:
    """Take back what was saved last. Raises NotFound where nothing is offered, or ImpossibleStep."""
    if not is_offered(owner):
        raise NotFound
    kept: dict[str, Any] = session.pop(KEY)
    therapist_id = owner.therapist.id
    if "weekly" in kept:
        ended = tuple(Kept(**each) for each in kept["weekly"]["ended"])
        change = Change(tuple(kept["weekly"]["added"]), ended)
        in_unit_of_work(lambda db: undo_weekly_hours(db, therapist_id, change, by=g.identity, now=g.now))
    else:
        public_id = str(kept["time_off"])
        in_unit_of_work(lambda db: remove_time_off(db, therapist_id, public_id, by=g.identity, now=g.now))
    flash("Taken back. The hours are as they were.")
    return redirect(owner.url(), 303)


def _remember(owner: Owner, what: dict[str, Any]) -> str:
    session.pop(KEY, None)
    if len(json.dumps(what, default=str)) <= MOST:
        session[KEY] = {"of": owner.therapist.public_id, "at": g.now.isoformat(), **what}
    return owner.url()
