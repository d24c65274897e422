"""What rooms can have, as forms offer it: what clients can need first, then whatever else rooms here have."""

from sqlalchemy.orm import Session

from practice.domain.needs import FEATURES
from practice.queries.setup import features_in_use

OFTEN = ("wide doorway", "hearing loop", "soft light", "open floor", "toys", "art table")


def features_offered(session: Session) -> dict[str, str]:
    """Return the features that a form offers, each with its words."""
    others = dict.fromkeys((*OFTEN, *features_in_use(session)))
    return {**FEATURES, **{each: each[:1].upper() + each[1:] for each in others if each not in FEATURES}}
