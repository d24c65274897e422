"""Whether a booked session still lies where its therapist works: what a change of hours leaves stranded."""

from practice.domain.intervals import Span, overlaps
from practice.domain.rule_book import RuleBook
from practice.domain.weekly_hours import hours_touching


def is_away(rules: RuleBook, therapist_id: int, session: Span, location_id: int | None) -> bool:
    """Whether time off or a closure touches a session, in person where it has a location."""
    away = (*rules.time_off_of(therapist_id), *rules.closures_of(None))
    if location_id is not None:
        away = (*away, *rules.closures_of(location_id))
    return any(overlaps(span, session) for span in away)


def is_covered(rules: RuleBook, therapist_id: int, session: Span, location_id: int | None) -> bool:
    """Whether a session lies in one row of hours of its place, or online, and off time off and closures.

    A booked session that is not covered stays booked; somebody should look at it.
    """
    return not is_away(rules, therapist_id, session, location_id) and any(
        row[0] <= session[0]
        and session[1] <= row[1]
        and (hours.is_online if location_id is None else hours.location_id == location_id)
        for hours, row in hours_touching(rules, therapist_id, session)
    )
