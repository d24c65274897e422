"""Crisis help, as the footer of every page shows it."""

import re
from dataclasses import dataclass

HEADING = "If you need support right now"
BY_COUNTRY = {
    "US": (
        "You do not have to wait for an appointment. Call or text 988 (Suicide & Crisis Lifeline, free, any time). "
        "In an emergency, call 911."
    ),
    "CA": (
        "You do not have to wait for an appointment. Call or text 988 (Suicide Crisis Helpline, free, any time). "
        "In an emergency, call 911."
    ),
    "GB": (
        "You do not have to wait for an appointment. Call 116 123 (Samaritans, free, any time). "
        "In an emergency, call 999."
    ),
    "IE": (
        "You do not have to wait for an appointment. Call 116 123 (Samaritans, free, any time). "
        "In an emergency, call 112."
    ),
}
ELSEWHERE = (
    "You do not have to wait for an appointment. Call the emergency number of where you are; in much of the world "
    "it is 112."
)
PHONE = re.compile(r"\+?\d[\d \-]{1,18}\d")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or with ``href`` a number to call."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class CrisisHelp:
    """A heading and the sentences under it."""

    heading: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The sentences without links, for messages."""
        return "".join(piece.text for piece in self.pieces)


def crisis_help(text: str, country: str) -> CrisisHelp:
    """The practice's own words, or those of its country; telephone numbers in them become links."""
    words = text.strip() or BY_COUNTRY.get(country, ELSEWHERE)
    pieces, end = [], 0
    for found in PHONE.finditer(words):
        pieces.append(Piece(words[end : found.start()]))
        pieces.append(Piece(found.group(), "tel:" + re.sub(r"[ \-]", "", found.group())))
        end = found.end()
    pieces.append(Piece(words[end:]))
    return CrisisHelp(HEADING, tuple(piece for piece in pieces if piece.text))
