"""Where a therapist may practise: the law looks at where the client is during a session online."""

from collections.abc import Iterable

from practice.domain.rule_book import RuleBook, Therapist
from practice.domain.weekly_hours import date_of


def is_licensed(rules: RuleBook, therapist: Therapist, regions: Iterable[str], start: int) -> bool:
    """Whether a therapist may meet people online who are in ``regions``, on the practice's date of a start.

    Always where the practice does not check licences; where nobody knows a region there is nothing to check.
    """
    if not rules.practice.checks_licences:
        return True
    on = date_of(rules.practice.zone, start)
    held = {
        licence.region
        for licence in rules.licences
        if licence.therapist_id == therapist.id and (licence.expires_on is None or on <= licence.expires_on)
    }
    return held.issuperset(regions)
