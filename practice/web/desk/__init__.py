"""Pages of the front desk: the day, its sessions, callers, clients."""

from practice.web.desk import appointments, clients, day, marking
from practice.web.desk.blueprint import bp

__all__ = ["appointments", "bp", "clients", "day", "marking"]
