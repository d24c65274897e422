"""Times as links, drawn once: a page of times is looked at by many people while nothing in it changes."""

from functools import lru_cache

from flask import current_app
from jinja2 import Environment
from markupsafe import Markup

from practice.web.slot_days import Day


def slot_links(days: tuple[Day, ...]) -> Markup:
    """Return what the component ``slot_links`` makes of ``days``."""
    return _drawn(current_app.jinja_env, days)


@lru_cache(maxsize=64)
def _drawn(environment: Environment, days: tuple[Day, ...]) -> Markup:
    component = environment.get_template("components/slots.html").module.slot_links  # type: ignore[attr-defined]
    drawn: Markup = component(days)
    return drawn
