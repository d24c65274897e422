"""Pages for those who build this: only in demo mode."""

from practice.web.dev.style import bp

__all__ = ["bp"]
