"""The network that a request comes from, and the full addresses that it is answered with."""

from ipaddress import ip_address, ip_network
from typing import Any

from flask import current_app, request, url_for

from practice.services.throttle import key_for
from practice.settings import Settings


def network() -> str:
    """Return who asks: an IPv4 address, or the /64 that one household has in IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def throttle_key(*parts: str) -> bytes:
    """Return the key under which tries are counted."""
    return key_for(current_app.config["SECRET_KEY"], *parts)


def full_address(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, under the practice's own name: never under the one that a request claims."""
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url + url_for(endpoint, **values)
