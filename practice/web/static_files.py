"""Static files by WhiteNoise, with the same headers as every page."""

from collections.abc import Iterable
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from practice.settings import Settings
from practice.web.assets import Assets, is_immutable, register_assets
from practice.web.security import headers_for


def init_app(app: Flask, folder: Path) -> None:
    """Serve ``folder`` under ``/static/``, and give templates ``asset(name)``."""
    settings: Settings = app.extensions["settings"]
    assets = Assets(folder)
    register_assets(app, assets)
    extra: Iterable[tuple[str, str]] = tuple(headers_for(settings).items())

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in extra:
            headers[name] = value

    server = WhiteNoise(
        app.wsgi_app,
        add_headers_function=add_headers,
        immutable_file_test=is_immutable,
        max_age=3600,
        allow_all_origins=False,
    )
    for url, path in assets.files().items():
        server.add_file_to_dictionary(url, str(path))
    app.wsgi_app = server  # type: ignore[method-assign]
