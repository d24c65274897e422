"""The clients of a draft: whom a signed-in person books for."""

from practice.queries.acting_for import ActedFor
from practice.web.booking.browser import Draft
from practice.web.booking.forms import FOR_WHOM
from practice.web.booking.path import path_of


def clients_of(draft: Draft) -> list[ActedFor]:
    """Return the clients that the session is for, none for a stranger. Somebody new is none of them yet.

    Raises NotFound where the account does not act for one of them any more.
    """
    return [] if draft.who in FOR_WHOM else list(path_of(draft.service).people(draft.who))
