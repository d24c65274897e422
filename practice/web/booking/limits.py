"""How much one network may do while it books."""

from datetime import timedelta

from practice.services.throttle import Limit
from practice.web.asking import network, throttle_key

HOLDS, HOLDS_WITHIN = 30, timedelta(minutes=15)
REQUESTS, TO_A_MAILBOX, REQUESTS_WITHIN = 20, 5, timedelta(hours=1)


def limits_of_holds() -> tuple[Limit, ...]:
    """Return how many times one network may keep."""
    return (Limit(throttle_key("hold", network()), HOLDS, HOLDS_WITHIN),)


def network_hash() -> bytes:
    """Return what stands for this network beside the times that it keeps."""
    return throttle_key("held", network())


def limits_of_requests(email: str) -> tuple[Limit, ...]:
    """Return how many codes one network may have sent, and how many reach one mailbox."""
    return (
        Limit(throttle_key("request", network()), REQUESTS, REQUESTS_WITHIN),
        Limit(throttle_key("request-mailbox", email.lower()), TO_A_MAILBOX, REQUESTS_WITHIN),
    )
