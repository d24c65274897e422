"""What whoever runs the service asks of it: is it alive, is it ready, how is it doing."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from practice.adapters.migrations import is_at_head
from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.operating import backlog
from practice.settings import Settings
from practice.web.access import requires

bp = Blueprint("operating", __name__)

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


@bp.get("/healthz")
@requires(Permission.PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say that this process answers; nothing else is asked."""
    return {"status": "ok"}


@bp.get("/readyz")
@requires(Permission.PUBLIC)
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and has every migration: 503 where it does not."""
    try:
        with db.engines[None].connect() as connection:
            is_ready = is_at_head(connection)
    except SQLAlchemyError:
        return {"status": "unavailable", "database": "does not answer"}, 503
    if not is_ready:
        return {"status": "unavailable", "database": "waits for its migrations"}, 503
    return {"status": "ok", "database": "ready"}


@bp.get("/metrics")
@requires(Permission.PUBLIC)
def metrics() -> ResponseReturnValue:
    """Give figures about this process and the work that waits, to this machine or to whoever has the token."""
    if not (_is_local() or _has_token()):
        raise NotFound
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    for name, (description, value) in backlog(db.session(), g.now).items():
        Gauge(f"practice_{name}", description, registry=registry).set(value)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local() -> bool:
    """Whether the request began on this machine; one that a proxy passed on did not.

    Without an address it came over a Unix socket, which no other machine can reach.
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    return not request.remote_addr or ip_address(request.remote_addr).is_loopback


def _has_token() -> bool:
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return settings.metrics_token is not None and hmac.compare_digest(given, settings.metrics_token.encode())
