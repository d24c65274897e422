"""The demo practice, Foundations Therapy: made whole from a seed and a date, and written in bulk."""

from practice.services.demo.build import NotEmpty, fill, is_filled, prepare
from practice.services.demo.plan import Plan, Progress
from practice.services.demo.sign_ins import PASSWORD, SIGN_INS

__all__ = ["PASSWORD", "SIGN_INS", "NotEmpty", "Plan", "Progress", "fill", "is_filled", "prepare"]
