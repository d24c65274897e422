"""How the agreement to care stands, in words and for whoever looks."""

from collections.abc import Collection, Mapping

from flask import current_app, g

from practice.db import db
from practice.domain.ages import BirthDates
from practice.domain.consenting import GivenAs, Standing
from practice.queries.consenting import CareStanding, care_standings
from practice.services.birth_dates import birth_dates


def opener() -> BirthDates:
    """Return what opens birth dates, for what follows from them."""
    return birth_dates(current_app.extensions["vault"])


def standings_of(client_ids: Collection[int]) -> Mapping[int, CareStanding]:
    """Return how the agreement to care stands, by client."""
    return care_standings(db.session(), client_ids, born_on=opener(), now=g.now)


def standing_words(found: Standing) -> str:
    """ "1 of 2 guardians", "Agreed" or "Not agreed yet"."""
    if found.by == GivenAs.GUARDIAN:
        return f"{found.given} of {found.needed} guardian{'' if found.needed == 1 else 's'}"
    return "Not agreed yet" if found.is_due else "Agreed"


def agreement_words(found: Mapping[int, CareStanding], client_id: int) -> str:
    """ "Agreement: 1 of 2 guardians", "" where there is nothing to agree to."""
    if client_id not in found:
        return ""
    words = standing_words(found[client_id].standing)
    return f"Agreement: {words[:1].lower() + words[1:]}"
