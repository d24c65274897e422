"""Finds the pages that somebody can reach by following links, one for each route."""

from collections import deque
from collections.abc import Iterable, Iterator
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
    routes = client.application.url_map.bind("localhost")
    seen: set[str] = set()
    found: list[str] = []
    queue = deque(starts)
    while queue:
        address = queue.popleft()
        path = urlsplit(address).path
        try:
            endpoint, _ = routes.match(path, "GET")
        except HTTPException:
            endpoint = path  # a dead link is a page too: it fails where it is asked for
        if endpoint in seen:
            continue
        seen.add(endpoint)
        response = client.get(address)
        assert response.status_code in (200, 302, 303), f"{address} answers {response.status_code}"
        if response.status_code != 200:
            queue.append(urlsplit(response.location).path)
        elif response.mimetype == "text/html":
            found.append(address)
            queue.extend(links(address, response.get_data(as_text=True)))
    return found


def links(address: str, text: str) -> Iterator[str]:
    """The addresses of this site that the page at ``address`` links to."""
    parser = Links()
    parser.feed(text)
    for href in parser.found:
        parts = urlsplit(urljoin("http://localhost" + address, href))
        if parts.scheme == "http" and parts.netloc == "localhost" and not parts.path.startswith(LEFT_OUT):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
