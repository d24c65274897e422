"""Who asks, and when: made once for each request, before its view.

Flask-Login keeps a session's token in Flask's signed cookie; the session itself is a row, so a cookie without a live
row is worth nothing. Only this module and ``web.accounts`` know Flask-Login; everybody else reads ``g.identity``.
"""

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy.exc import DBAPIError

from practice import clock
from practice.db import as_practice_error, beside, db
from practice.domain.errors import SignInNeeded
from practice.domain.permissions import STRANGER, Identity
from practice.domain.tokens import hash_token
from practice.queries.accounts import LiveSession, SessionRules, identity_for_api_token, session_for_token
from practice.services.birth_dates import birth_dates
from practice.services.sessions import SEEN_EVERY, SignedIn, note_seen
from practice.settings import Settings

log = logging.getLogger("practice")

COOKIES_HELD = 4096
WATCHING = "X-Watching"  # a page that refreshed itself while nobody touched it
WITHOUT_COOKIES = frozenset({"feeds", "operating"})
FOR_PROGRAMS = "api"
TOKEN_UNKNOWN = "This token is not known here, or was revoked."  # noqa: S105 - a sentence, not a secret


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, at no cost to requests that come without one, and at little when it comes again.

    What a cookie holds never changes, and neither does whether its signature is ours, so both are remembered.
    """

    def __init__(self) -> None:
        self._held: dict[str, tuple[tuple[str, Any], ...]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; without a cookie that is nothing, and there is no signature to check."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        value = request.cookies.get(self.get_cookie_name(app), "")
        known = self._held.get(value)
        if known is not None:
            return self.session_class(dict(known))
        found = super().open_session(app, request)
        if found and all(isinstance(each, (str, bool, int)) for each in found.values()):
            if len(self._held) >= COOKIES_HELD:
                self._held.clear()
            self._held[value] = tuple(found.items())
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie where what it holds has changed; otherwise only say that the answer depends on it."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")


login = LoginManager()
login.session_protection = None  # the row decides; a phone changes its address in the middle of a session


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """What Flask-Login asks for: its id is the token of the session, never the account's."""

    def __init__(self, token: str, live: LiveSession | None = None) -> None:
        self.id = token
        self.live = live


def init_app(app: Flask) -> None:
    """Give every request its ``g.now`` and ``g.identity``; ``app.extensions["clock"]`` tells the time."""
    settings: Settings = app.extensions["settings"]
    app.extensions.setdefault("clock", lambda: clock.now())
    app.extensions["session_rules"] = SessionRules(staff_idle=timedelta(minutes=settings.staff_idle_minutes))
    # Not login.init_app: it would add a hook to every answer for remember-me cookies, which do not exist here.
    app.login_manager = login  # type: ignore[attr-defined]
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.session_interface = Cookies()
    app.before_request(identify)


def identify() -> None:
    """Make ``g.now`` and ``g.identity``. Costs no statement where neither cookie nor token was sent."""
    g.now = current_app.extensions["clock"]()
    g.identity = STRANGER
    blueprint = request.blueprint
    if blueprint is None or blueprint in WITHOUT_COOKIES:
        return
    if blueprint == FOR_PROGRAMS:
        g.identity = _program()
    elif current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_user_id" in session:
        g.identity = _person(session["_user_id"])


def _program() -> Identity:
    header = request.headers.get("Authorization")
    if header is None:
        return STRANGER
    scheme, _, token = header.partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        found = identity_for_api_token(db.session(), hash_token(token.strip()))
    if found is None:
        raise SignInNeeded(TOKEN_UNKNOWN)
    return found


def _person(token: str) -> Identity:
    """Return whose session it is. Flask-Login would ask the same of ``load_person``, by a longer way."""
    live = _live(token)
    if live is None:
        return STRANGER
    if g.now - live.last_seen_at >= SEEN_EVERY and WATCHING not in request.headers:
        _note_seen(live)
    return live.identity


@login.user_loader  # type: ignore[untyped-decorator]
def load_person(token: str) -> SignedInPerson | None:
    """Return who the session of this token belongs to, or None where it is not a live one."""
    live = _live(token)
    return None if live is None else SignedInPerson(token, live)


def _live(token: str) -> LiveSession | None:
    rules: SessionRules = current_app.extensions["session_rules"]
    born_on = birth_dates(current_app.extensions["vault"])
    return session_for_token(db.engines[None], hash_token(token), now=g.now, rules=rules, born_on=born_on)


def _note_seen(live: LiveSession) -> None:
    """Note the session's use on a connection of its own; a busy database only costs a minute of precision."""
    db.session.close()
    try:
        with beside(waits=False) as session_beside:
            note_seen(session_beside, live.session_id, now=g.now)
    except DBAPIError as error:
        if as_practice_error(error) is None:
            raise
        log.info("the use of a session was not noted: the database is busy")


def begin(signed_in: SignedIn) -> None:
    """Put a new session into the browser's cookie; whatever the cookie held before is gone."""
    session.clear()
    login_user(SignedInPerson(signed_in.token))
    session.permanent = not signed_in.is_staff


def end() -> None:
    """Empty the browser's cookie; the session's row is ended by the service."""
    logout_user()
    session.clear()
