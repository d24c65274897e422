"""Pages of long lists: ?page=2."""

from collections.abc import Mapping
from dataclasses import dataclass

from practice.domain.errors import NotFound

LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the pages before and after this one are; what the ``pagination`` component reads."""

    words: str
    previous_href: str
    next_href: str


def read_page(args: Mapping[str, str], name: str = "page") -> int:
    """Return the page that an address asks for, the first where it names none. Raises NotFound for nonsense."""
    text = args.get(name, "1")
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or not 1 <= int(text) <= LAST_PAGE:
        raise NotFound
    return int(text)
