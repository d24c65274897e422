"""What a session was booked against, in words: the rules, and why."""

from collections.abc import Iterable

from practice.domain.reasons import WORDS
from practice.models import Appointment
from practice.web.facts import Fact
from practice.web.presenting import join_words

KNOWN = {code.value: words for code, words in WORDS.items()}


def rules_words(codes: Iterable[str]) -> str:
    """ "outside working hours and closed"; codes that nobody knows any more are left out."""
    found = [KNOWN[code].partition(":")[0] for code in codes if code in KNOWN]
    return join_words([f"{words[0].lower()}{words[1:]}" for words in found])


def anyway_facts(appointment: Appointment) -> tuple[Fact, ...]:
    """Return the row that says what a session was booked against, and why; none where nothing was."""
    words = rules_words(appointment.override_codes)
    told = f"{words[0].upper()}{words[1:]}.\n{appointment.override_reason}" if words else ""
    return (Fact("Booked all the same", told),) if told else ()
