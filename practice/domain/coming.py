"""What rules say about those who come, one start at a time: ``asking.refused_spans`` says it in spans."""

from collections.abc import Iterator
from datetime import timedelta

from practice.domain.asking import Past, follows_consultation
from practice.domain.reasons import Code, Reason
from practice.domain.rule_book import RuleBook, Service
from practice.domain.weekly_hours import date_of, days_span


def against_those_who_come(rules: RuleBook, service: Service, past: Past, start: int) -> Iterator[Reason]:
    """Yield why a start is not open to people with this past, whoever is free then."""
    if follows_consultation(service) and (past.consulted_at is None or past.consulted_at >= start):
        yield Reason(Code.CONSULTATION_FIRST)
    if service.max_per_week is None:
        return
    zone = rules.practice.zone
    day = date_of(zone, start)
    week = day.isocalendar()[:2]
    for starts in past.starts:
        if sum(date_of(zone, each).isocalendar()[:2] == week for each in starts) >= service.max_per_week:
            monday = day - timedelta(days=day.weekday())
            yield Reason(Code.TOO_MANY_THAT_WEEK, days_span(zone, monday, monday + timedelta(days=6)))
