"""Pages on which admins set the practice up."""

from practice.web.admin import (
    closures,
    consent,
    group_rules,
    holidays,
    home,
    hours,
    keeping,
    licences,
    look,
    places,
    policies,
    practice,
    services,
    staff,
    therapists,
)
from practice.web.admin.blueprint import bp

__all__ = [
    "bp",
    "closures",
    "consent",
    "group_rules",
    "holidays",
    "home",
    "hours",
    "keeping",
    "licences",
    "look",
    "places",
    "policies",
    "practice",
    "services",
    "staff",
    "therapists",
]
