"""How much one network may do while it books."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import current_app, request

from practice.services.throttle import Limit, key_for

HOLDS, HOLDS_WITHIN = 30, timedelta(minutes=15)
REQUESTS, TO_A_MAILBOX, REQUESTS_WITHIN = 20, 5, timedelta(hours=1)


def limits_of_holds() -> tuple[Limit, ...]:
    """Return how many times one network may keep."""
    return (Limit(_key("hold", network()), HOLDS, HOLDS_WITHIN),)


def limits_of_requests(email: str) -> tuple[Limit, ...]:
    """Return how many codes one network may have sent, and how many reach one mailbox."""
    return (
        Limit(_key("request", network()), REQUESTS, REQUESTS_WITHIN),
        Limit(_key("request-mailbox", email.lower()), TO_A_MAILBOX, REQUESTS_WITHIN),
    )


def network() -> str:
    """Return who asks: an IPv4 address, or the /64 that one household has in IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def _key(*parts: str) -> bytes:
    return key_for(current_app.config["SECRET_KEY"], *parts)
