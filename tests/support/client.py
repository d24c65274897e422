"""A Flask test client that reads every page as HTML, and fills in forms as a browser does."""

import gzip
from contextvars import Context
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import forms, html


class CheckedClient(FlaskClient):
    """Fails the test at the request whose answer is broken, not pages later.

    Each request has a context of its own, as on a server: an application context that the test holds open does not
    carry one request's ``g`` into the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.data and response.location is None:
            is_zipped = response.headers.get("Content-Encoding") == "gzip"
            found = html.problems((gzip.decompress(response.data) if is_zipped else response.data).decode())
            assert not found, f"{response.request.method} {response.request.path}:\n" + "\n".join(found)
        return response

    def submit(self, path: str, fields: dict[str, str | list[str]] | None = None, *, action: str = "") -> TestResponse:
        """Open the page at ``path``, fill ``fields`` into its form and send it, hidden fields and token included.

        With several forms on the page, the first one wins that has the fields and whose address ends with ``action``.
        """
        page = self.get(path)
        assert page.status_code == 200, f"GET {path} answered {page.status}"
        form = forms.find(page.get_data(as_text=True), fields or {}, action)
        return self.post(urljoin(path, form.action), data=form.filled(fields or {}))
