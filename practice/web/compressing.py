"""Public pages, made small for the way.

Only what holds no secret is compressed: the page of somebody who sent no cookie and is given none. What its size tells
(of a form's token beside words from the address) is then nobody's.
"""

import gzip
from typing import Final

from flask import Flask, Response, g, request, session

from practice.domain.permissions import STRANGER

KINDS: Final = frozenset({"text/html", "text/plain"})
LEAST, LEVEL = 1024, 5


def init_app(app: Flask) -> None:
    """Compress the pages of strangers whose browsers take it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in KINDS or response.status_code != 200 or "Content-Encoding" in response.headers:
            return response
        if "HTTP_COOKIE" in request.environ or g.get("identity") is not STRANGER or session.modified:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0 and not response.is_streamed:
            body = response.get_data()
            if len(body) >= LEAST:
                response.set_data(gzip.compress(body, LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response
