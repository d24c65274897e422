"""Finds the pages that somebody can reach by following links, one for each route."""

from collections import deque
from collections.abc import Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

LEFT_OUT = ("/dev/", "/static/", "/feeds/", "/api/")


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def pages(client: FlaskClient, starts: Iterable[str]) -> list[str]:
    """Return an address for each route with a page that can be reached from ``starts``, in the order of finding."""
    seen: set[str] = set()
    found: list[str] = []
    queue = deque(starts)
    while queue:
        address = queue.popleft()
        endpoint = kind(client, address)
        if endpoint in seen:
            continue
        seen.add(endpoint)
        response = client.get(address)
        assert response.status_code in (200, 302, 303), f"{address} answers {response.status_code}"
        if response.status_code != 200:
            queue.extend(links(address, f'<a href="{escape(response.location)}">'))
        elif response.mimetype == "text/html":
            found.append(address)
            queue.extend(links(address, response.get_data(as_text=True)))
    return found


def kind(client: FlaskClient, address: str, method: str = "GET") -> str:
    """Return the route that an address belongs to; a dead one is a kind of its own, and fails where it is asked for."""
    path = urlsplit(address).path
    try:
        endpoint, _ = client.application.url_map.bind("localhost").match(path, method)
    except HTTPException:
        return path
    return str(endpoint)


def links(address: str, text: str) -> Iterator[str]:
    """The addresses of this site that the page at ``address`` links to."""
    parser = Links()
    parser.feed(text)
    for href in parser.found:
        parts = urlsplit(urljoin("http://localhost" + address, href))
        if parts.scheme == "http" and parts.netloc == "localhost" and not parts.path.startswith(LEFT_OUT):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
