"""A Flask test client that reads every page as HTML and refuses answers that no page may give."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import html


class CheckedClient(FlaskClient):
    """Fails the test at the request whose answer is broken, not pages later."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data:
            found = html.problems(response.get_data(as_text=True))
            assert not found, f"{response.request.method} {response.request.path}:\n" + "\n".join(found)
        return response
