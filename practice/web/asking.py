"""The network and the page that a request comes from, and the full addresses that it is answered with."""

import re
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from flask import current_app, request, url_for

from practice.services.throttle import key_for
from practice.settings import Settings

CONTROLS: Final = re.compile(r"[\x00-\x20\x7f\\]")
NOWHERE: Final = SplitResult("", "", "", "", "")


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


def address_in(header: str) -> SplitResult:
    """Return the address that a header holds, taken apart; nothing where it holds none that can be read."""
    return _taken_apart(request.headers.get(header, ""))


def local_path(target: str | None) -> str:
    """Return ``target`` where it is a path of this site, otherwise nothing."""
    if not target or not target.startswith("/") or target.startswith("//") or CONTROLS.search(target):
        return ""
    parts = _taken_apart(target)
    return target if parts.path and not parts.scheme and not parts.netloc else ""


def _taken_apart(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return NOWHERE
