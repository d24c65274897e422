"""Static files by WhiteNoise, with the same headers as every page, and compressed where that saves something."""

import gzip
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from practice.settings import Settings
from practice.web.assets import Assets, is_immutable, register_assets
from practice.web.security import headers_for

COMPRESSED = {".css", ".js", ".svg"}


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
        served = _with_compressed(path, settings.instance / "static" / Path(url).name) if _is_text(path) else path
        server.add_file_to_dictionary(url, str(served))
    app.wsgi_app = server  # type: ignore[method-assign]


def _is_text(path: Path) -> bool:
    return path.suffix in COMPRESSED


def _with_compressed(path: Path, copy: Path) -> Path:
    """Lay a copy of ``path`` and its compressed twin side by side, as WhiteNoise looks for them, and return the copy.

    Names carry a hash, so what is there already is right. Several processes may do this at once.
    """
    twin = copy.with_name(f"{copy.name}.gz")
    if not (copy.exists() and twin.exists()):
        copy.parent.mkdir(exist_ok=True)
        content = path.read_bytes()
        _write(twin, _gzip(content))
        _write(copy, content)
    return copy


@cache
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
