"""How often a stranger may ask for pages and open times; whoever is signed in is not counted.

Counted in this process, or in Redis for all of them where ``REDIS_URL`` is set. The machine itself (a health check, a
proxy that says for whom it asks is something else) is not counted.
"""

import logging
from ipaddress import ip_address

from flask import Flask, current_app, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from practice.domain.errors import TooManyTries
from practice.settings import Settings

COUNTED = frozenset({"api", "public", "booking"})
PER_ADDRESS = "600/minute"
MESSAGE = "That was a lot of requests in a short time. Please wait a minute and go on."

log = logging.getLogger("practice")


def init_app(app: Flask) -> None:
    """Count the requests of strangers, after it is known who asks."""
    settings: Settings = app.extensions["settings"]
    storage = storage_from_string(settings.redis_url or "memory://", wrap_exceptions=True)
    app.extensions["stranger_limiter"] = FixedWindowRateLimiter(storage)
    app.extensions["stranger_limit"] = parse(PER_ADDRESS)
    app.before_request(count_stranger)


def count_stranger() -> None:
    """Count this request where a stranger asks. Raises TooManyTries."""
    if g.identity.is_signed_in or request.blueprint not in COUNTED:
        return
    address = _address()
    if address is None:
        return
    limiter: FixedWindowRateLimiter = current_app.extensions["stranger_limiter"]
    limit: RateLimitItem = current_app.extensions["stranger_limit"]
    try:
        is_within = limiter.hit(limit, "stranger", address)
    except StorageError:
        log.warning("requests are not counted: Redis does not answer")
        return
    if not is_within:
        raise TooManyTries(MESSAGE, retry_after=limit.get_expiry())


def _address() -> str | None:
    """Return who asks: the address, or what the nearest proxy says of it; None is this machine itself."""
    if request.remote_addr is None:
        return None
    forwarded = request.environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        is_own = ip_address(request.remote_addr).is_loopback
    except ValueError:
        is_own = False
    if is_own:
        return forwarded[:64] or None
    return request.remote_addr
