"""Booking a session, one question a page."""

from practice.web.booking import start
from practice.web.booking.blueprint import bp

__all__ = ["bp", "start"]
