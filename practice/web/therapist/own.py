"""The therapist who is signed in, and how sessions are shown to them."""

from flask import g, url_for

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import Therapist
from practice.queries.hours import therapist_by_id
from practice.web.frame import the_facts
from practice.web.presenting import habit_of
from practice.web.sessions_shown import View


def me() -> Therapist:
    """Return the therapist whose sign-in this is. Raises NotFound for an account without a calendar."""
    mine = g.identity.therapist_id
    found = None if mine is None else therapist_by_id(db.session(), mine)
    if found is None:
        raise NotFound("This account has no calendar of its own.")
    return found


def view_of(therapist: Therapist) -> View:
    """Return how sessions are shown to a therapist: in their zone, each with its page."""
    habit = habit_of(the_facts().locale)
    return View(therapist.zone, habit, g.now, lambda found: url_for("therapist.appointment", public_id=found))
