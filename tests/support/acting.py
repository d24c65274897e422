"""Be somebody, at some time, without signing in: for tests of pages whose matter is not the sign-in."""

from datetime import datetime

from flask import Flask, current_app, g

from practice.domain.permissions import Identity


def act_as(app: Flask, identity: Identity, *, now: datetime) -> None:
    """From now on every request of ``app`` is ``identity``'s, at ``now``; forms need no token."""
    if "acting" not in app.extensions:
        app.config["WTF_CSRF_ENABLED"] = False
        app.before_request(_act)
    app.extensions["acting"] = (identity, now)


def _act() -> None:
    g.identity, g.now = current_app.extensions["acting"]
