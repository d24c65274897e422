"""What the list of dates of a planned series shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from practice.domain.intervals import instant, minute_floor
from practice.domain.reasons import Reason
from practice.domain.weekly_hours import date_of
from practice.services.series import Answer
from practice.services.series_plan import Plan, Planned
from practice.web.facts import Fact
from practice.web.forms.base import BaseForm
from practice.web.presenting import Habit, format_day, format_moment, format_span, format_zone
from practice.web.series.forms import SKIP, STOP, conflicts_of, name_of, shown_at
from practice.web.series.words import end_words, rule_words


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date: ``note`` says what is special about it, ``reason`` why it cannot be; then ``field`` asks what to do."""

    day: str
    time: str
    note: str = ""
    reason: str = ""
    session_href: str = ""
    field: Any = None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A planned series: ``rows`` are its dates, ``fields`` what the next form sends along."""

    heading: str
    facts: tuple[Fact, ...]
    rows: tuple[DateRow, ...]
    conflicts: int
    fields: tuple[tuple[str, str], ...]
    back_href: str
    next_href: str
    button: str
    told: str = ""


def facts_of(plan: Plan, habit: Habit, *, with_end: bool = True) -> tuple[Fact, ...]:
    """Return how often, until when, with whom and where."""
    rule, rules = plan.pattern.rule, plan.rules
    place = rules.location_by_id.get(plan.pattern.location_id) if plan.pattern.location_id else None
    rows = [
        Fact("How often", f"{rule_words(rule, habit)}\n{format_zone(rule.zone)}"),
        Fact("How long", end_words(rule, date_of(rule.zone, plan.pattern.rule.start_on(rule.starts_on)))),
        Fact("Therapist", plan.therapist.name),
        Fact("Service", plan.service.name),
        Fact("Where", place.name if place else "Online"),
    ]
    return tuple(row for row in rows if with_end or row.label != "How long")


def rows_of(plan: Plan, habit: Habit, form: BaseForm, side_href: Any) -> tuple[DateRow, ...]:
    """Return every date with what stands in its way, and the question about it."""
    return tuple(_row(plan, each, habit, form, side_href) for each in plan.planned)


def _row(plan: Plan, each: Planned, habit: Habit, form: BaseForm, side_href: Any) -> DateRow:
    day, time = _when(plan, each.start, habit)
    if each.is_closed:
        return DateRow(day, time, note="Closed: left out")
    if each.reason is None:
        return DateRow(day, time)
    href = side_href(each.reason.subject) if each.reason.subject and side_href else ""
    return DateRow(day, time, reason=reason_words(each.reason, plan), session_href=href, field=form[name_of(each.on)])


def reason_words(reason: Reason, plan: Plan) -> str:
    """Return a reason in words for staff."""
    return reason.for_staff(plan.pattern.rule.zone)


def final_rows(plan: Plan, habit: Habit, answers: Mapping[date, Answer]) -> tuple[DateRow, ...]:
    """Return the dates as they will be made: what is left out says so, what comes after a stop is not listed."""
    rows: list[DateRow] = []
    for each in plan.planned:
        answer = answers.get(each.on)
        if answer == STOP:
            break
        at = shown_at(answer, each)
        day, time = _when(plan, each.start, habit)
        if at is None:
            rows.append(DateRow(day, time, note="Left out" if answer == SKIP else "Closed: left out"))
        elif at == each.starts_at:
            rows.append(DateRow(day, time))
        else:
            was = format_moment(each.starts_at, plan.pattern.rule.zone, habit)
            rows.append(DateRow(*_when(plan, minute_floor(at), habit), note=f"Instead of {was}"))
    return tuple(rows)


def conflict_count(plan: Plan) -> int:
    """Return how many dates cannot be."""
    return len(conflicts_of(plan))


def _when(plan: Plan, start: int, habit: Habit) -> tuple[str, str]:
    zone = plan.pattern.rule.zone
    ends_at = instant(start + plan.service.duration_minutes)
    day = format_day(date_of(zone, start), relative_to=plan.now.date())
    return day, format_span(instant(start), ends_at, zone, habit)
