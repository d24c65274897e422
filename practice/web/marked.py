"""Names with the part marked that somebody typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from practice.domain.spelling import plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it was typed."""

    text: str
    is_match: bool = False


def marked(text: str, typed: Sequence[str], *, inside: bool = False) -> tuple[Piece, ...]:
    """Return ``text`` in pieces, marked where a word of it begins with a folded word of ``typed``, or anywhere."""
    pieces: list[Piece] = []
    done = 0
    for at, character in enumerate(text):
        begins_word = character.isalnum() and (inside or at == 0 or not text[at - 1].isalnum())
        if at < done or not begins_word:
            continue
        end = max((_end(text, at, word) for word in typed), default=at)
        if end > at:
            pieces += [Piece(text[done:at]), Piece(text[at:end], is_match=True)]
            done = end
    return tuple(piece for piece in (*pieces, Piece(text[done:])) if piece.text)


def _end(text: str, start: int, word: str) -> int:
    """Return where ``word`` ends in a text that has it at ``start``, letters folded; ``start`` where it has not."""
    for end in range(start + 1, min(len(text), start + 2 * len(word)) + 1):
        here = plain(text[start:end])
        if here.startswith(word):
            return end
        if not word.startswith(here):
            return start
    return start
