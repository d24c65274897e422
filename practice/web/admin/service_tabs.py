"""The pages about one service."""

from flask import url_for

from practice.models import Service, ServiceKind
from practice.web.shell import Link


def service_tabs(found: Service, current: str) -> tuple[Link, ...]:
    """Return the tabs of a service's pages; a group has one of its own."""
    pages = {"service": "Details", "service_people": "Who offers it"}
    if found.kind == ServiceKind.GROUP:
        pages["service_group"] = "What to expect"
    return tuple(
        Link(words, url_for(f"admin.{name}", public_id=found.public_id), name == current)
        for name, words in pages.items()
    )
