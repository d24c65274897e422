"""What to expect of a group: the card that stands wherever a client or a stranger looks at one."""

from dataclasses import dataclass

from practice.models import Service, ServiceKind
from practice.web.facts import Fact
from practice.web.presenting import join_words

LATE_WELCOME = "Coming late is welcome. Come in, and join when you are ready."
STEP_OUT = "You can step out at any time, without a word, and come back when you like."


@dataclass(frozen=True, slots=True)
class Expectations:
    """The rows of the card."""

    rows: tuple[Fact, ...]


def expectations_of(service: Service, *, when: str, leads: list[str]) -> Expectations | None:
    """Return the card of a group, None for any other service. ``when`` is its set time, ``leads`` who leads it.

    What the practice has not written about stepping out and coming late is said as it is everywhere here.
    """
    if service.kind != ServiceKind.GROUP:
        return None
    rows = (
        Fact("Set time", when),
        Fact("What happens", service.what_to_expect),
        Fact("Who leads", join_words(leads)),
        Fact("What to wear or bring", service.wear_bring),
        Fact("Stepping out", service.step_out or STEP_OUT),
        Fact("Coming late", service.late_welcome or LATE_WELCOME),
    )
    return Expectations(tuple(row for row in rows if row.value))
