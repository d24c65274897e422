"""The harness: the application runs in processes of its own, and comes back on the same port after a kill."""

import urllib.request
from collections.abc import Callable

from tests.support.server import Server


def test_a_killed_server_comes_back_where_it_was(start_server: Callable[..., Server]) -> None:
    server = start_server()
    before = server.port
    with urllib.request.urlopen(f"{server.url}/readyz", timeout=30) as answer:
        assert answer.status == 200
    server.kill()
    server.start()
    assert server.port == before
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=30) as answer:
        assert answer.status == 200
