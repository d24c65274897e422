"""Whether a booked session still lies where its therapist works: what a change of hours leaves stranded."""

from practice.domain.intervals import Span, overlaps
from practice.domain.rule_book import RuleBook
from practice.domain.weekly_hours import hours_touching


def is_covered(rules: RuleBook, therapist_id: int, session: Span, location_id: int | None) -> bool:
    """Whether a session (in person where it has a location) lies in one row of hours, off time off and closures.

    A booked session that is not covered stays booked; somebody should look at it.
    """
    away = (*rules.time_off_of(therapist_id), *rules.closures_of(None))
    if location_id is not None:
        away = (*away, *rules.closures_of(location_id))
    if any(overlaps(span, session) for span in away):
        return False
    return any(
        row[0] <= session[0] and session[1] <= row[1] and location_id in (hours.location_id, None)
        and (location_id is not None or hours.is_online)
        for hours, row in hours_touching(rules, therapist_id, session)
    )  # fmt: skip
