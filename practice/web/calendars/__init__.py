"""One's own calendar links: made, shown once, and turned off."""

from practice.web.calendars import links
from practice.web.calendars.links import bp

__all__ = ["bp", "links"]
