"""Who asks, and when: made once for each request, before its view."""

from flask import Flask, g, request

from practice import clock
from practice.domain.permissions import STRANGER

WITHOUT_COOKIES = frozenset({"api", "feeds", "operating"})


def init_app(app: Flask) -> None:
    """Give every request its ``g.now`` and ``g.identity``."""

    @app.before_request
    def identify() -> None:
        g.now = clock.now()
        g.identity = STRANGER
        if request.blueprint in WITHOUT_COOKIES or request.blueprint is None:
            return
