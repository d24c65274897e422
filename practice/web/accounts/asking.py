"""What is known of whoever asks: their network, their browser, and where they wanted to go."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from practice.queries.accounts import normalized_email
from practice.services.throttle import Limit, key_for
from practice.settings import Settings

WITHIN = timedelta(minutes=15)
TRIES_OF_A_PAIR = 8
TRIES_OF_AN_ADDRESS = 60
LINKS_OF_AN_ADDRESS = 20
LINKS_TO_A_MAILBOX = 3
CONTROLS = re.compile(r"[\x00-\x20\x7f\\]")
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
        Limit(throttle_key("password", normalized_email(email), asker()), TRIES_OF_A_PAIR, WITHIN),
        Limit(throttle_key("password", asker()), TRIES_OF_AN_ADDRESS, WITHIN),
    )


def throttle_key(*parts: str) -> bytes:
    """Return the key under which tries are counted."""
    return key_for(current_app.config["SECRET_KEY"], *parts)


def asker() -> str:
    """Return the network that asks: an IPv4 address, or the /64 that one household has in IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def local_path(target: str | None) -> str:
    """Return ``target`` where it is a path of this site, otherwise nothing."""
    if not target or not target.startswith("/") or target.startswith("//") or CONTROLS.search(target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


def program_name() -> str:
    """Return the browser's name in plain words, for the list of sessions."""
    agent = request.user_agent.string
    program = next((name for mark, name in PROGRAMS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{program} on {system}" if system else program


def link_limits() -> tuple[Limit, ...]:
    """Return how many links one address may ask for."""
    return (Limit(throttle_key("link", asker()), LINKS_OF_AN_ADDRESS, WITHIN),)


def mail_limit(email: str) -> Limit:
    """Return how many links go to one mailbox, so that nobody can fill somebody else's."""
    return Limit(throttle_key("mailbox", normalized_email(email)), LINKS_TO_A_MAILBOX, WITHIN)


def address_of(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, under the practice's own name: never under the one that a request claims."""
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url + url_for(endpoint, **values)
