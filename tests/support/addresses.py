"""Tells pages of one kind by their addresses."""

import re

SLUG = re.compile(r"^((?:/admin|/desk)?/(?:services|therapists|book))/(?!new$)[a-z-]+")
ID_OR_DATE = re.compile(r"(?<=/)(?:\d{4}-\d{2}-\d{2}|[A-Za-z0-9_-]{16})(?=[/.?]|$)")
ANSWER = re.compile(r"=[^&]*")


def shape(path: str) -> str:
    """Return what a path has in common with those of its kind: ids, slugs, dates and answers become one word."""
    return ANSWER.sub("=x", ID_OR_DATE.sub("x", SLUG.sub(r"\1/x", path)))
