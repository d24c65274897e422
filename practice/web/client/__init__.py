"""A client's own pages: what is coming, moving, cancelling, the day itself, and their details."""

from practice.web.client import arriving, changing, courses, details, home, moving
from practice.web.client.blueprint import bp

__all__ = ["arriving", "bp", "changing", "courses", "details", "home", "moving"]
