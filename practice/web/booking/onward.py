"""Which question comes next for a held time: the first one without an answer, and when there is none, the check page.

Whoever comes from the check page to change one answer is led back to it.
"""

from practice.web.booking.browser import Draft
from practice.web.booking.forms import FOR_WHOM
from practice.web.booking.path import SOMEBODY

SAFE = "email"
CHECK = "booking.check"
CHANGE = "change"  # ?change=1: somebody came from the check page


def next_step(draft: Draft) -> str:
    """Return the endpoint of the next step."""
    if draft.who not in FOR_WHOM:  # a signed-in person's clients are known here, who comes with them may be new
        return "booking.partner_name" if SOMEBODY in draft.who.split(".") and not draft.other_name else CHECK
    if not draft.name or not draft.email or (draft.who != "me" and not draft.other_name):
        return "booking.details"
    if not draft.safe_contact:
        return "booking.contact"
    return CHECK if draft.safe_contact == SAFE else "booking.call"
