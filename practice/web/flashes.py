"""Messages for the page that follows, with a button that takes back what they tell of."""

from collections.abc import Mapping
from typing import Any

from flask import flash

from practice.web.shell import Flash, Undo


def flash_with_undo(words: str, href: str, tone: str = "", **fields: str) -> None:
    """Show ``words`` on the next page, and beside them "Undo", which posts ``fields`` to ``href``."""
    flash({"words": words, "undo": href, "fields": fields}, tone)  # type: ignore[arg-type]


def read_flash(tone: str, told: str | Mapping[str, Any]) -> Flash:
    """Return a message as the frame shows it."""
    tone = "" if tone == "message" else tone
    if isinstance(told, str):
        return Flash(tone, told)
    return Flash(tone, told["words"], Undo(told["undo"], tuple(told["fields"].items())))
