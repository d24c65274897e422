"""Pages for those who build this, or look around in the demo: never in production mode."""

from practice.web.dev import mail, style
from practice.web.dev.blueprint import bp

__all__ = ["bp", "mail", "style"]
