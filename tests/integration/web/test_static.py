"""Static files come small to whoever takes that, whole to everybody else, and are kept for good."""

import gzip
import re
from pathlib import Path

from tests.support.client import CheckedClient

STYLE = (Path(__file__).parents[3] / "static/css/app.css").read_bytes()


def style_href(client: CheckedClient) -> str:
    found = re.search(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', client.get("/sign-in").text)
    assert found
    return found[1]


def test_a_stylesheet_is_compressed_for_who_takes_it(client: CheckedClient) -> None:
    href = style_href(client)
    small = client.get(href, headers={"Accept-Encoding": "gzip, deflate"})
    plain = client.get(href, headers={"Accept-Encoding": "identity"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data == STYLE
    assert len(small.data) < len(plain.data) / 3
    for answer in (small, plain):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
