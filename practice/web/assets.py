"""Static files under names that carry a hash of their content, so that browsers may keep them for good."""

import re
from hashlib import blake2b
from pathlib import Path

from flask import Flask

HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
KEPT_OUT = {".txt", ".md"}


class Assets:
    """The files of a folder: ``names`` maps "css/app.css" to "css/app.1a2b3c4d5e6f.css".

    A file whose name already carries its hash, as a font that a stylesheet names must, keeps it.
    """

    def __init__(self, folder: Path, prefix: str = "/static/") -> None:
        self.folder = folder
        self.prefix = prefix
        self.names = {
            path.relative_to(folder).as_posix(): _hashed(path, folder)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in KEPT_OUT
        }

    def url(self, name: str) -> str:
        """The address of the file ``name``; KeyError when there is none, so that a slip fails in tests."""
        return self.prefix + self.names[name]

    def files(self) -> dict[str, Path]:
        """Each address and the file that answers it."""
        return {self.prefix + hashed: self.folder / name for name, hashed in self.names.items()}


def is_immutable(_path: str, url: str) -> bool:
    """Whether what ``url`` answers never changes (WhiteNoise's ``immutable_file_test``)."""
    return HASHED_NAME.search(url) is not None


def register_assets(app: Flask, assets: Assets) -> None:
    """Give the templates ``asset("css/app.css")``."""
    app.jinja_env.globals["asset"] = assets.url


def _hashed(path: Path, folder: Path) -> str:
    name = path.relative_to(folder)
    if HASHED_NAME.search(name.name):
        return name.as_posix()
    digest = blake2b(path.read_bytes(), digest_size=6).hexdigest()
    return name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix()
