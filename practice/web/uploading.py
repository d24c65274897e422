"""Files that people send: only the views that say so take more than a form's worth of bytes.

@bp.post("/therapists/<slug>/photo")
@requires(Permission.ADMIN)
@takes_files
def photo_save(slug): ...
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request

from practice.adapters.pictures import MOST_BYTES

P = ParamSpec("P")
R = TypeVar("R")
AROUND_A_FILE = 64 * 1024  # the other fields of its form


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be sent a picture."""
    view.most_bytes = MOST_BYTES + AROUND_A_FILE  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Set the limit of a request before anything reads what was sent."""

    @app.before_request
    def allow_files() -> None:
        most = getattr(current_app.view_functions.get(request.endpoint or ""), "most_bytes", None)
        if most is not None:
            request.max_content_length = most
