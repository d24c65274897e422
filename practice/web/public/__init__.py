"""What everybody may see: the practice, its services, its therapists and their open times."""

from practice.web.public import calling, home, pictures, services, therapists, times
from practice.web.public.blueprint import bp

__all__ = ["bp", "calling", "home", "pictures", "services", "therapists", "times"]
