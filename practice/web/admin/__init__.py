"""Pages on which admins set the practice up."""

from practice.web.admin import closures, home, hours, places, practice, services, staff, therapists
from practice.web.admin.blueprint import bp

__all__ = ["bp", "closures", "home", "hours", "places", "practice", "services", "staff", "therapists"]
