"""Pages of long lists: ?page=2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from practice.domain.errors import NotFound

LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the pages before and after this one are; what the ``pagination`` component reads."""

    words: str
    previous_href: str
    next_href: str


def page_links(
    endpoint: str, number: int, shown: int, per_page: int, *, has_more: bool, name: str = "page", **values: Any
) -> PageLinks:
    """Return the links before and after a page of a list, whose number stands in the address as ``name``."""
    before: dict[str, Any] = {**values, name: number - 1}
    after: dict[str, Any] = {**values, name: number + 1}
    first = (number - 1) * per_page + 1
    return PageLinks(
        words=f"{first} to {first + shown - 1}" if shown else "",
        previous_href=url_for(endpoint, **before) if number > 1 else "",
        next_href=url_for(endpoint, **after) if has_more else "",
    )


def read_page(args: Mapping[str, str], name: str = "page") -> int:
    """Return the page that an address asks for, the first where it names none. Raises NotFound for nonsense."""
    text = args.get(name, "1")
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or not 1 <= int(text) <= LAST_PAGE:
        raise NotFound
    return int(text)
