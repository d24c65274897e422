"""Lets a browser tab talk to an application in this process: no port, no thread, nothing to wait for."""

from flask import Flask
from playwright.sync_api import BrowserContext, Route
from werkzeug.test import Client

ORIGIN = "http://localhost"
NOT_OURS = frozenset({"host", "content-length"})


def connect(context: BrowserContext, app: Flask) -> None:
    """Answer every request of ``context`` from ``app``; the browser keeps the cookies."""
    client = Client(app, use_cookies=False)

    def answer(route: Route) -> None:
        request = route.request
        if not request.url.startswith(ORIGIN + "/"):
            route.abort()
            return
        headers = [(name, value) for name, value in request.all_headers().items() if name not in NOT_OURS]
        response = client.open(
            request.url.removeprefix(ORIGIN),
            base_url=ORIGIN,
            method=request.method,
            headers=headers,
            data=request.post_data_buffer,
        )
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.get_data())
        response.close()

    context.route("**/*", answer)
