"""Whether this sign-in hides names: a key of the board does, for whoever has somebody looking over their shoulder."""

from typing import Final

from flask import session

from practice.models import Client
from practice.web.presenting import initials

HIDES_NAMES: Final = "hides_names"


def hides_names() -> bool:
    """Return whether names are hidden, until they are shown again, the browser is closed or the person signs out."""
    return bool(session.get(HIDES_NAMES))


def hide_names(*, is_hidden: bool) -> None:
    """Hide names from now on, or show them."""
    if is_hidden:
        session[HIDES_NAMES] = True
    else:
        session.pop(HIDES_NAMES, None)


def name_here(client: Client) -> str:
    """Return what a message calls a client: the first letters where names are hidden."""
    return initials(client.display_name) if hides_names() else client.display_name
