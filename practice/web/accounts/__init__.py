"""Signing in and out, mailed links, passwords, and one's own account."""

from practice.web.accounts import account, links, partner, passwords, signing_in
from practice.web.accounts.blueprint import bp

__all__ = ["account", "bp", "links", "partner", "passwords", "signing_in"]
