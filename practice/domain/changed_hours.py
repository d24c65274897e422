"""The rule book as a change of hours would leave it, so that what the change strands is known before it is saved."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from practice.domain.intervals import Span
from practice.domain.rule_book import Availability, Hours, RuleBook

ONE_DAY = timedelta(days=1)
Dates = tuple[date, date | None]


def remains(held: Dates, taken: Dates) -> tuple[Dates | None, Dates | None]:
    """Return the dates before and after ``taken`` on which a row still holds; both are inclusive, None is no end."""
    before = after = None
    if held[0] < taken[0]:
        last = taken[0] - ONE_DAY
        before = (held[0], last if held[1] is None else min(held[1], last))
    if taken[1] is not None and (held[1] is None or held[1] > taken[1]):
        after = (max(held[0], taken[1] + ONE_DAY), held[1])
    return before, after


def with_weekly_hours(
    rules: RuleBook, therapist_id: int, days: Collection[int], hours: Collection[Hours], dates: Dates
) -> RuleBook:
    """Return ``rules`` with ``hours`` alone on those weekdays (0 is Monday) from the first of ``dates`` to the last."""
    kept = [part for row in rules.availability for part in _kept(row, therapist_id, days, dates)]
    new = [Availability(therapist_id, day, each, dates[0], dates[1]) for day in days for each in hours]
    return replace(rules, availability=(*kept, *new))


def with_date_hours(rules: RuleBook, therapist_id: int, on: date, hours: Collection[Hours] | None) -> RuleBook:
    """Return ``rules`` with ``hours`` alone on one date, or with its weekly hours again (None)."""
    others = {key: rows for key, rows in rules.date_hours.items() if key != (therapist_id, on)}
    return replace(rules, date_hours=others if hours is None else {**others, (therapist_id, on): tuple(hours)})


def with_time_off(rules: RuleBook, therapist_id: int, span: Span) -> RuleBook:
    """Return ``rules`` with a span taken away from a therapist's hours."""
    return replace(rules, time_off=(*rules.time_off, (therapist_id, span)))


def _kept(row: Availability, therapist_id: int, days: Collection[int], dates: Dates) -> Iterator[Availability]:
    if row.therapist_id != therapist_id or row.weekday not in days:
        yield row
        return
    for part in remains((row.valid_from, row.valid_until), dates):
        if part is not None:
            yield replace(row, valid_from=part[0], valid_until=part[1])
