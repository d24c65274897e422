"""A therapist's pages: the week, its sessions, hours."""

from practice.web.therapist import appointment, decisions, hours, week
from practice.web.therapist.blueprint import bp

__all__ = ["appointment", "bp", "decisions", "hours", "week"]
