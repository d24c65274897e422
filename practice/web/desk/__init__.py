"""Pages of the front desk: the day, its sessions, callers, clients, groups."""

from practice.web.desk import (
    agreeing,
    appointments,
    booking,
    calls,
    clients,
    day,
    decisions,
    edit_client,
    estimates,
    groups,
    marking,
    moving,
    needs,
    new_client,
    people,
    series,
    why,
)
from practice.web.desk.blueprint import bp

__all__ = [
    "agreeing",
    "appointments",
    "booking",
    "bp",
    "calls",
    "clients",
    "day",
    "decisions",
    "edit_client",
    "estimates",
    "groups",
    "marking",
    "moving",
    "needs",
    "new_client",
    "people",
    "series",
    "why",
]
