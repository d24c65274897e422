"""The clients that a draft is for."""

from flask import g

from practice.db import db
from practice.domain.errors import NotFound
from practice.queries.acting_for import ActedFor, acted_for
from practice.web.booking.browser import Draft
from practice.web.booking.forms import FOR_WHOM


def clients_of(draft: Draft) -> list[ActedFor]:
    """Return the clients that the session is for, none for a stranger.

    Raises NotFound where the account does not act for one of them any more.
    """
    if draft.who in FOR_WHOM:
        return []
    wanted = draft.who.split(".")
    found = {each.public_id: each for each in acted_for(db.session(), g.identity.account_id, g.identity.books_for)}
    if not all(name in found for name in wanted):
        raise NotFound
    return [found[name] for name in wanted]
