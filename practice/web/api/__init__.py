"""The JSON API: what other programs use, described by its own OpenAPI document."""

from practice.web.api import appointments, catalog, feeds
from practice.web.api.blueprint import bp

__all__ = ["appointments", "bp", "catalog", "feeds"]
