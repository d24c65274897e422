"""Booking a session, one question a page.

A stranger: which service, for whom, how long (where there is a choice), with whom, where they will be (online, where
licences are checked), how and when (which keeps the time), details, safe contact, check, proof of the e-mail address.
Somebody signed in: the same without details and proof.
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
    length,
    lost,
    partner_name,
    proving,
    start,
    where,
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
    "length",
    "lost",
    "partner_name",
    "proving",
    "start",
    "where",
]
