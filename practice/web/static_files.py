"""Static files under names that carry their content's hash, so that a browser may keep them for a year."""

import re
from hashlib import blake2b
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import MutableHeaders

from practice.settings import Settings
from practice.web.security import headers_for

PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def init_app(app: Flask, folder: Path) -> None:
    """Serve ``folder`` under ``/static/``, and give templates ``static_url(name)``."""
    settings: Settings = app.extensions["settings"]
    headers = headers_for(settings)
    names = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "README.md"
    }
    hashed = {name: _hashed(name, path) for name, path in names.items()}
    urls = {name: PREFIX + alias for name, alias in hashed.items()}

    def add_headers(response_headers: MutableHeaders, _path: str, _url: str) -> None:
        for name, value in headers.items():
            response_headers[name] = value

    server = WhiteNoise(
        app.wsgi_app,
        add_headers_function=add_headers,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
        max_age=3600,
        allow_all_origins=False,
    )
    for name, path in names.items():
        for alias in (name, hashed[name]):
            server.add_file_to_dictionary(PREFIX + alias, str(path))
    app.wsgi_app = server  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = urls.__getitem__


def _hashed(name: str, path: Path) -> str:
    digest = blake2b(path.read_bytes(), digest_size=6).hexdigest()
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{digest}{dot}{suffix}"
