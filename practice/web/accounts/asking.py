"""What is known of whoever asks: their network and their browser."""

from datetime import timedelta

from flask import request

from practice.queries.accounts import normalized_email
from practice.services.throttle import Limit
from practice.web.asking import network, throttle_key

WITHIN = timedelta(minutes=15)
TRIES_OF_A_PAIR = 8
TRIES_OF_AN_ADDRESS = 60
LINKS_OF_AN_ADDRESS = 20
LINKS_TO_A_MAILBOX = 3
PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def password_limits(email: str) -> tuple[Limit, ...]:
    """Return the limits of guessing: for this e-mail from this address, and for this address.

    None is for an e-mail alone: whoever guesses from elsewhere must not be able to keep its owner out.
    """
    return (
        Limit(throttle_key("password", normalized_email(email), network()), TRIES_OF_A_PAIR, WITHIN),
        Limit(throttle_key("password", network()), TRIES_OF_AN_ADDRESS, WITHIN),
    )


def program_name() -> str:
    """Return the browser's name in plain words, for the list of sessions."""
    agent = request.user_agent.string
    program = next((name for mark, name in PROGRAMS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{program} on {system}" if system else program


def link_limits() -> tuple[Limit, ...]:
    """Return how many links one address may ask for."""
    return (Limit(throttle_key("link", network()), LINKS_OF_AN_ADDRESS, WITHIN),)


def mail_limit(email: str) -> Limit:
    """Return how many links go to one mailbox, so that nobody can fill somebody else's."""
    return Limit(throttle_key("mailbox", normalized_email(email)), LINKS_TO_A_MAILBOX, WITHIN)
