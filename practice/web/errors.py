"""One table from errors to answers: a calm page for people, a problem document (RFC 9457) for programs."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from traceback import format_tb
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from practice.db import as_practice_error
from practice.domain.errors import Busy, PracticeError, SignInNeeded, TooManyTries
from practice.domain.permissions import STRANGER
from practice.web.asking import address_in, local_path
from practice.web.frame import facts_seen, home_of
from practice.web.presenting import format_phone

log = logging.getLogger("practice")

HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "timeout",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
SENTENCES = {
    400: "We could not read what was sent. Please go back and try again.",
    403: "This page is not open to you. If it should be, please ask us.",
    404: "There is nothing at this address. It may have moved, or the link may be incomplete.",
    405: "This address cannot be used that way.",
    413: "What was sent is too large.",
    415: "What was sent is in a format that we do not read.",
    500: "Something went wrong on our side. Please try again in a moment.",
}
TITLES = {
    403: "This is not open to you",
    404: "There is nothing here",
    409: "Something changed in the meantime",
    410: "This link has ended",
    413: "That was too large",
    429: "Please wait a moment",
    500: "Something went wrong",
    503: "We are very busy this moment",
}


@dataclass(frozen=True, slots=True)
class WayOn:
    """A link that leads on from an error page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page shows."""

    title: str
    words: str
    actions: tuple[WayOn, ...]
    phone: str
    phone_words: str


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(PracticeError, handle_practice_error)
    app.register_error_handler(CSRFError, handle_csrf_error)
    app.register_error_handler(HTTPException, handle_http_error)
    app.register_error_handler(DBAPIError, handle_database_error)
    app.register_error_handler(PoolTimeout, lambda _error: handle_practice_error(Busy()))
    app.register_error_handler(Exception, handle_unexpected)


def handle_practice_error(error: PracticeError) -> ResponseReturnValue:
    """Answer with the error's own status; signed-out people are led to the sign-in page."""
    if isinstance(error, SignInNeeded) and not _is_for_programs():
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target), 303)
    return answer(error.status, error.code, error.message, error.detail)


def handle_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """A form that was open for long, or not ours."""
    return answer(400, "form_expired", "This page was open for a long time. Please go back, reload it and try again.")


def handle_http_error(error: HTTPException) -> ResponseReturnValue:
    """What Werkzeug refuses."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    made = answer(status, HTTP_CODES.get(status, "error"), SENTENCES.get(status, HTTPStatus(status).phrase + "."))
    if status == 405 and getattr(error, "valid_methods", None):
        made.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return made


def handle_database_error(error: DBAPIError) -> ResponseReturnValue:
    """What the database refuses, in the domain's words; unknown refusals are ours to answer for."""
    known = as_practice_error(error)
    if known is None:
        return handle_unexpected(error)
    return handle_practice_error(known)


def handle_unexpected(error: Exception) -> ResponseReturnValue:
    """Log the fault without what was sent, and answer generically.

    A database says in its message which values it minds, so of its faults only the place and the kind are logged.
    """
    if isinstance(error, DBAPIError):
        where = "".join(format_tb(error.__traceback__))
        log.error("fault in %s %s: %s\n%s", request.method, request.endpoint, type(error.orig).__name__, where)
    else:
        log.error("fault in %s %s", request.method, request.endpoint, exc_info=error)
    return answer(500, "error", SENTENCES[500])


def answer(status: int, code: str, message: str, detail: Any = None) -> Response:
    """Build the answer in the form that the asker reads."""
    if _is_for_programs():
        made = jsonify(
            {
                "type": "about:blank",
                "title": HTTPStatus(status).phrase,
                "status": status,
                "detail": message,
                "code": code,
            }
            | dict(detail or {})
        )
        made.content_type = "application/problem+json"
    else:
        g.setdefault("identity", STRANGER)
        g.is_in_trouble = status >= 500
        made = Response(render_template("errors/error.html", page=_page(status, message)), mimetype="text/html")
    made.status_code = status
    if status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    if code == TooManyTries.code:
        made.headers["Retry-After"] = str((detail or {}).get("retry_after", 60))
    return made


def _page(status: int, message: str) -> ErrorPage:
    facts = facts_seen()
    return ErrorPage(
        title=TITLES.get(status, "That did not work"),
        words=message,
        actions=tuple(_ways_on(status)),
        phone=facts.phone,
        phone_words=format_phone(facts.phone, facts.country),
    )


def _ways_on(status: int) -> Iterator[WayOn]:
    """Yield what somebody can do next: again where that may help, back to the form that they sent, or to the start."""
    here = local_path(request.full_path.rstrip("?"))
    if here and request.method == "GET" and (status == 429 or status >= 500):
        yield WayOn("Try again", here)
    came_from = address_in("Referer")
    back = local_path(came_from._replace(scheme="", netloc="").geturl()) if came_from.netloc == request.host else ""
    if back and request.method == "POST":
        yield WayOn("Go back", back)
    is_known = status < 500 and g.identity.is_signed_in
    yield WayOn("Go to the start page", home_of(g.identity) if is_known else "/")


def _is_for_programs() -> bool:
    return request.path.startswith(("/api/", "/feeds/", "/healthz", "/readyz", "/metrics"))
