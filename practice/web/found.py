"""What the ``finder`` component shows: people in a list, told apart, with what was typed marked."""

from dataclasses import dataclass

from practice.web.marked import Piece
from practice.web.paging import PageLinks


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A client in a list. ``name`` and ``also`` are in pieces; ``facts`` tell people of one name apart."""

    public_id: str
    name: tuple[Piece, ...]
    also: tuple[Piece, ...]
    pronouns: str
    facts: tuple[tuple[Piece, ...], ...]
    href: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a search found; ``near`` are those who are only spelt alike. ``said`` tells how many there are."""

    words: str
    said: str
    rows: tuple[FoundRow, ...]
    near: tuple[FoundRow, ...]
    links: PageLinks
    new_href: str
