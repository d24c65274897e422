"""Lets a browser tab talk to an application in this process: no port, no thread, nothing to wait for."""

from html import escape

from playwright.sync_api import BrowserContext, Route
from werkzeug.test import Client

ORIGIN = "http://localhost"
# A browser looks for the target of a redirect in the network, where there is nothing: a page leads on to it instead.
ONWARD_TITLE = "Onward"
ONWARD = f'<!doctype html><title>{ONWARD_TITLE}</title><meta http-equiv="refresh" content="0;url={{}}">'
NOT_HANDED_ON = frozenset({"host", "content-length", "cookie", "accept-encoding"})


def connect(context: BrowserContext, client: Client) -> None:
    """Answer every request of ``context`` through ``client``, which keeps the cookies."""

    def answer(route: Route) -> None:
        request = route.request
        if not request.url.startswith(ORIGIN + "/"):
            route.abort()
            return
        headers = [(name, value) for name, value in request.all_headers().items() if name not in NOT_HANDED_ON]
        response = client.open(
            request.url.removeprefix(ORIGIN),
            base_url=ORIGIN,
            method=request.method,
            headers=headers,
            data=request.post_data_buffer,
        )
        if response.location:
            route.fulfill(status=200, content_type="text/html", body=ONWARD.format(escape(response.location)))
        else:
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.get_data())
        response.close()

    context.route("**/*", answer)
