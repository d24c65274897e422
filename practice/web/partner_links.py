"""The link that one of two hands on to the other: shown once, where it was made, with words to send."""

from dataclasses import dataclass

from flask import session

from practice.web.asking import full_address

NEW_LINK = "new_partner_link"
WORDS = "I booked a session for us both. Here you see when it is, and say whether you come: {}"


@dataclass(frozen=True, slots=True)
class HandOn:
    """Somebody whose agreement is waited for: ``words`` hold the link while it is shown, ``action`` makes a new one."""

    name: str
    words: str
    action: str


def show_next(about: str, token: str) -> None:
    """Keep a new link for the next page about a session or client (a public id)."""
    if token:
        session[NEW_LINK] = {about: token}


def hand_on(name: str, about: str, action: str) -> HandOn:
    """Return what a page says of somebody whose agreement is waited for; a new link is shown this once."""
    token = session.get(NEW_LINK, {}).get(about)
    if token:
        session.pop(NEW_LINK)
    return HandOn(name, WORDS.format(full_address("accounts.partner", token=token)) if token else "", action)
