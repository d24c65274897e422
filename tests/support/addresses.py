"""Tells pages of one kind by their addresses."""

import re


def shape(path: str) -> str:
    """Return what a path has in common with those of its kind: ids, slugs, dates and answers become one word."""
    path = re.sub(r"\d{4}-\d{2}-\d{2}|[A-Za-z0-9_-]{16}(?=[/.?]|$)", "x", path)
    return re.sub(r"=[^&]*", "=x", re.sub(r"^/(services|therapists|book)/[a-z-]+", r"/\1/x", path))
