"""The one place that joins everything into an application."""

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from werkzeug.middleware.proxy_fix import ProxyFix

from practice import cli, db
from practice.adapters.passwords import CHEAP_HASHES, Passwords
from practice.adapters.vault import Vault
from practice.queries.demo import practice_in
from practice.settings import Settings
from practice.web import (
    BLUEPRINTS,
    DEMO_BLUEPRINTS,
    compressing,
    errors,
    frame,
    identity,
    limiting,
    presenting,
    reading,
    security,
    static_files,
    uploading,
)

ROOT = Path(__file__).resolve().parents[1]
MAX_BODY_BYTES = 1024 * 1024
MAX_FORM_PARTS = 500


class Templates(Environment):
    """Flask's templates, with their globals as plain dicts: Jinja's own chains of dicts make every import slow.

    Whatever adds globals does so before the first template is read.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template."""
        return {**self.globals, **(d or {})}


class Application(Flask):
    """Flask with our templates."""

    jinja_environment = Templates


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from ``settings``, or from the environment. Raises SettingsError for a bad one."""
    settings = settings or Settings.from_env(os.environ, practice_in)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Application("practice", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["settings"] = settings
    app.extensions["vault"] = Vault(settings.encryption_keys)
    app.extensions["passwords"] = Passwords(**(CHEAP_HASHES if settings.mode == "test" else {}))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app, settings.database_url)
    uploading.init_app(app)
    security.init_app(app, settings)
    static_files.init_app(app, ROOT / "static")
    identity.init_app(app)
    limiting.init_app(app)
    errors.init_app(app)
    reading.init_app(app)
    frame.init_app(app)
    compressing.init_app(app)
    presenting.register_filters(app)
    for blueprint in (*BLUEPRINTS, *(DEMO_BLUEPRINTS if settings.mode != "production" else ())):
        app.register_blueprint(blueprint)
    cli.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
