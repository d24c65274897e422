"""How a series is said: "Every week", "3 of 12", "until Tuesday 15 December"."""

from datetime import date

from practice.domain.series import Rule
from practice.models import Series
from practice.queries.series import Standing, rule_of
from practice.web.presenting import WEEKDAYS, Habit, format_day, format_minute


def every_words(every_weeks: int) -> str:
    """ "Every week" or "Every 2 weeks"."""
    return "Every week" if every_weeks == 1 else f"Every {every_weeks} weeks"


def standing_words(series: Series, standing: Standing) -> str:
    """ "Every week, 3 of 12"; without an end "Every week, number 3"."""
    return f"{every_words(series.every_weeks)}, {number_words(series, standing)}"


def number_words(series: Series, standing: Standing) -> str:
    """ "3 of 12"; without an end "number 3"."""
    if rule_of(series).is_open_ended and series.ended_at is None:
        return f"number {standing.number}"
    return f"{standing.number} of {standing.total}"


def rule_words(rule: Rule, habit: Habit) -> str:
    """ "Every 2 weeks on Tuesdays at 10:00 AM"."""
    weekday = WEEKDAYS[rule.starts_on.weekday()]
    return f"{every_words(rule.every_weeks)} on {weekday}s at {format_minute(rule.start_minute, habit)}"


def end_words(rule: Rule, today: date) -> str:
    """ "12 sessions", "Until Tuesday 15 December" or "No end for now"."""
    if rule.times is not None:
        return f"{rule.times} sessions"
    if rule.ends_on is not None:
        return f"Until {format_day(rule.ends_on, relative_to=today)}"
    return "No end for now"
