"""A therapist's pages: the week, its sessions, groups, hours."""

from practice.web.therapist import appointment, decisions, groups, hours, series, week
from practice.web.therapist.blueprint import bp

__all__ = ["appointment", "bp", "decisions", "groups", "hours", "series", "week"]
