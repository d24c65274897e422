"""Booking a session, one question a page.

A stranger: which service, for whom, with whom, how and when (which keeps the time), details, safe contact, check, proof
of the e-mail address. Somebody signed in: the same without details and proof.
"""

from practice.web.booking import (
    agreement,
    booked,
    checking,
    choosing,
    courses,
    details,
    for_whom,
    held,
    lost,
    partner_name,
    proving,
    start,
)
from practice.web.booking.blueprint import bp

__all__ = [
    "agreement",
    "booked",
    "bp",
    "checking",
    "choosing",
    "courses",
    "details",
    "for_whom",
    "held",
    "lost",
    "partner_name",
    "proving",
    "start",
]
