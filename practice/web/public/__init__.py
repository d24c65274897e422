"""What everybody may see: the practice, its services, its therapists and their open times."""

from practice.web.public import home, services, therapists, times
from practice.web.public.blueprint import bp

__all__ = ["bp", "home", "services", "therapists", "times"]
