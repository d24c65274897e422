"""A client's own pages: what is coming, moving, cancelling."""

from practice.web.client import changing, home
from practice.web.client.blueprint import bp

__all__ = ["bp", "changing", "home"]
