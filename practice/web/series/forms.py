"""What is sent about series: how often and how long, and what happens with each date that cannot be."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from practice.domain.intervals import instant
from practice.domain.series import MOST_DATES, WEEK, Rule
from practice.services.series import Answer
from practice.services.series_plan import Plan, Planned
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import DateField, NumberField, TimeOfDayField
from practice.web.presenting import Habit, format_day, format_moment
from practice.web.series.words import every_words

EVERY: Final = {str(weeks): every_words(weeks) for weeks in (1, 2, 3, 4, 6, 8, 12)}
ENDS: Final = {"times": "After a number of sessions", "until": "On a date", "open": "No end for now"}
SKIP, STOP = "skip", "stop"


class RepeatForm(BaseForm):
    """How often, and until when."""

    every = SelectField("How often?", [InputRequired("Choose how often.")], choices=EVERY)
    ends = RadioField("When does it end?", [InputRequired("Choose when it ends.")], choices=ENDS)
    times = NumberField(
        "How many sessions, with the first one?",
        least=2,
        most=MOST_DATES,
        unit="how many sessions",
        description="Only where it ends after a number of sessions.",
    )
    until = DateField("Last possible day", description="Only where it ends on a date.")
    skips = BooleanField("Leave out days on which we are closed", description="Public holidays and other closures.")

    def validate_times(self, field: NumberField) -> None:
        """Ask for a number where the chosen end needs one."""
        if self.ends.data == "times" and field.data is None:
            raise ValidationError("Enter how many sessions.")

    def validate_until(self, field: DateField) -> None:
        """Ask for a day where the chosen end needs one."""
        if self.ends.data == "until" and field.data is None:
            raise ValidationError("Enter the last possible day.")

    def fits(self, rule: Rule) -> bool:
        """Say at its field what makes a rule too long or too short; True where nothing does."""
        if rule.ends_on is None:
            return True
        step = rule.every_weeks * WEEK
        if rule.ends_on < rule.starts_on + step:
            self.until.errors = [f"Choose {format_day(rule.starts_on + step)} or later."]
        elif rule.ends_on > rule.starts_on + step * MOST_DATES:
            self.until.errors = [f"A series has at most {MOST_DATES} sessions. Choose an earlier day."]
        return not self.until.errors

    def rule(self, zone: str, starts_on: date, minute: int) -> Rule:
        """Return the rule that was asked for."""
        return Rule(
            zone=zone,
            start_minute=minute,
            starts_on=starts_on,
            every_weeks=int(self.every.data or 1),
            ends_on=self.until.data if self.ends.data == "until" else None,
            times=self.times.data if self.ends.data == "times" else None,
        )


class MoveOneForm(BaseForm):
    """When a session is instead; ``since`` is which one, and with ``only`` it alone moves."""

    since = HiddenField("From", [Optional()])
    only = HiddenField("Only this one", [Optional()])
    on = DateField("First day", [InputRequired("Enter the day.")])
    time = TimeOfDayField("Time", [InputRequired("Choose the time.")])


class MoveSeriesForm(MoveOneForm):
    """From when on the sessions are at which time, and every how many weeks; ``since`` is the first that moves."""

    every = SelectField("How often?", [InputRequired("Choose how often.")], choices=EVERY)
    skips = BooleanField("Leave out days on which we are closed", description="Public holidays and other closures.")


class CancelSeriesForm(BaseForm):
    """Who cancels, and from which session on: an appointment's public id, or nothing for all that are to come.

    With ``only`` it is that session alone.
    """

    since = HiddenField("From", [Optional()])
    only = HiddenField("Only this one", [Optional()])
    who = RadioField(
        "Who cancels?",
        [InputRequired("Choose who cancels.")],
        choices={"client": "The client", "practice": "The practice"},
    )


def conflicts_of(plan: Plan) -> list[Planned]:
    """Return the dates of a plan that cannot be."""
    return [each for each in plan.planned if each.reason is not None]


def name_of(on: date) -> str:
    """Return how forms name the question about a date."""
    return f"on{on:%Y%m%d}"


def answers_form(plan: Plan, habit: Habit, sent: MultiDict[str, Any] | None, base: type[BaseForm]) -> BaseForm:
    """Return ``base`` with a question for each date that cannot be; answers for dates that can be by now are let be."""
    zone = plan.pattern.rule.zone
    questions = {
        name_of(each.on): RadioField(
            f"What shall happen on {format_day(each.on)}?",
            [InputRequired(f"Choose what happens on {format_day(each.on)}.")],
            choices=choices_of(plan, each, zone, habit),
        )
        for each in conflicts_of(plan)
    }
    gone = frozenset(name_of(each.on) for each in plan.planned) - questions.keys()
    kind: type[BaseForm] = type("AnswersForm", (base,), {**questions, "also_accepts": base.also_accepts | gone})
    return kind(sent)


def choices_of(plan: Plan, each: Planned, zone: str, habit: Habit) -> dict[str, str]:
    """Return what can be done about a date: leave it out, one of a few other times, or end the series before it."""
    times = {str(at): format_moment(instant(at), zone, habit) for at in plan.near(each.start)}
    return {SKIP: "Leave it out", **times, STOP: "End the series before it"}


def answers_in(form: BaseForm, dates: Sequence[Planned]) -> Mapping[date, Answer]:
    """Return what was decided, by date."""
    found: dict[date, Answer] = {}
    for each in dates:
        value = form[name_of(each.on)].data if name_of(each.on) in form else None
        if value:
            found[each.on] = value if value in (SKIP, STOP) else instant(int(value))
    return found


def shown_at(answer: Answer | None, each: Planned) -> datetime | None:
    """Return when the session of a date will be after an answer, or None where there will be none."""
    if isinstance(answer, datetime):
        return answer
    return None if answer or each.is_closed else each.starts_at
