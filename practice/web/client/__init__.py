"""A client's own pages: what is coming, moving, cancelling, the day itself, and their details."""

from practice.web.client import (
    agreements,
    arriving,
    changing,
    courses,
    details,
    estimate,
    home,
    moving,
    partner,
    people,
    series,
)
from practice.web.client.blueprint import bp

__all__ = [
    "agreements",
    "arriving",
    "bp",
    "changing",
    "courses",
    "details",
    "estimate",
    "home",
    "moving",
    "partner",
    "people",
    "series",
]
