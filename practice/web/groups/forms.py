"""What is sent about dates and courses of groups."""

from datetime import date, timedelta
from typing import Any, ClassVar, Final

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.domain.rule_book import RuleBook, Service
from practice.domain.series import Rule
from practice.services.courses import FEWEST, MOST
from practice.services.group_dates import NewDate
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import CheckboxesField, DateField, NumberField, TimeOfDayField, iso_date
from practice.web.groups.keeper import Keeper

ENROL: Final = {
    "both": "The whole course, or single dates",
    "course": "The whole course only",
    "date": "Single dates only",
}
MINIMUM_HINT: Final = "With fewer people it is put to who leads it, some time before. 0 is any number."


class PlaceForm(BaseForm):
    """Who leads, where, and for how many."""

    therapist = SelectField("Who leads it?", [InputRequired("Choose a therapist.")])
    co_lead = SelectField("Who leads it with them?", [Optional()])
    start = TimeOfDayField("Start", [InputRequired("Choose the time.")])
    place = SelectField("Where?", [InputRequired("Choose where the group meets.")])
    capacity = NumberField("Places", [InputRequired("Enter the places.")], least=2, most=100, unit="the places")
    minimum = NumberField(
        "Fewest people", [Optional()], least=0, most=100, unit="the fewest people", description=MINIMUM_HINT
    )
    first_on_page: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *sent: Any, **known: Any) -> None:
        super().__init__(*sent, **known)
        # What is wrong is listed in the order of the page.
        self._fields = {name: self._fields[name] for name in dict.fromkeys((*self.first_on_page, *self._fields))}

    def offer(self, keeper: Keeper, rules: RuleBook, service: Service) -> None:
        """Fill in what can be chosen."""
        own = keeper.leads(rules, service)
        offering = [one for one in rules.therapists if (one.id, service.id) in rules.offer_of]
        first = [] if keeper.therapist_id else [("", "Choose a therapist")]
        self.therapist.choices = [*first, *((one.slug, one.name) for one in own)]
        self.co_lead.choices = [("", "Nobody"), *((one.slug, one.name) for one in offering)]
        self.place.choices = [("", "Choose a place"), *place_choices(rules, service)]

    def on_date(self, rules: RuleBook, service: Service, on: date, *, anyway: bool) -> NewDate:
        """Return one date as it was asked for."""
        return NewDate(
            service=service,
            therapist=rules.therapist_by_slug[str(self.therapist.data)],
            room=rooms_by_choice(rules).get(str(self.place.data)),
            on=on,
            minute=int(self.start.data),
            capacity=int(self.capacity.data or service.capacity),
            anyway=anyway,
            co_lead=rules.therapist_by_slug.get(str(self.co_lead.data or "")),
            minimum=self.minimum.data,
        )


class GroupDateForm(PlaceForm):
    """When a group meets once."""

    first_on_page = ("on", "start")
    on = DateField("Date", [InputRequired("Enter the date.")])
    anyway = BooleanField("Make this date all the same")


class CourseForm(PlaceForm):
    """A course: weekly from a first date on, or on dates that are listed, one a line."""

    first_on_page = ("name", "enrol", "first", "weeks", "listed", "start")
    name = StringField("What is it called?", [InputRequired("Enter a name."), Length(max=120)])
    enrol = RadioField("What can people take a place in?", [InputRequired("Choose one.")], choices=ENROL)
    first = DateField("First date", [Optional()])
    weeks = NumberField("For how many weeks", [Optional()], least=FEWEST, most=MOST, unit="the weeks")
    listed = TextAreaField(
        "Or the dates themselves",
        [Optional(), Length(max=MOST * 12)],
        description="One a line, like 2026-11-24. They take the place of the weeks.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that there are dates, one way or the other."""
        is_valid = super().validate(extra_validators)
        if not self.dates() and not (self.first.errors or self.weeks.errors or self.listed.errors):
            words = "Enter at least two dates, one a line, like 2026-11-24."
            if self.listed.data:
                self.listed.errors = [words]
            else:
                self.first.errors = ["Enter the first date and for how many weeks, or list the dates."]
            is_valid = False
        return is_valid

    def dates(self) -> list[date]:
        """Return the dates that were asked for, in order, each once; none where they cannot be read or are too many."""
        if self.listed.data:
            found = [iso_date(line.strip()) for line in str(self.listed.data).splitlines() if line.strip()]
            days = [each for each in found if each is not None] if None not in found else []
        elif self.first.data and self.weeks.data:
            until = self.first.data + timedelta(weeks=self.weeks.data - 1)
            days = list(Rule("UTC", 0, self.first.data).dates(until))
        else:
            days = []
        days = sorted(set(days))
        return days if FEWEST <= len(days) <= MOST else []


class CourseCheckForm(CourseForm):
    """The course with the dates that were ticked."""

    on = CheckboxesField("Dates to make", [Optional()])

    def ticked(self) -> list[date]:
        """Return the dates that were ticked."""
        wanted = set(self.on.data or ())
        return [each for each in self.dates() if each.isoformat() in wanted]


class DateChangeForm(BaseForm):
    """What can be changed of a date that is made."""

    place = SelectField("Where?", [InputRequired("Choose where the group meets.")])
    co_lead = SelectField("Who leads it with them?", [Optional()])
    capacity = NumberField("Places", [InputRequired("Enter the places.")], least=2, most=100, unit="the places")
    minimum = NumberField(
        "Fewest people", [Optional()], least=0, most=100, unit="the fewest people", description=MINIMUM_HINT
    )


class LeadForm(BaseForm):
    """Who takes over, and where to go back to."""

    therapist = RadioField("Who leads this date?", [InputRequired("Choose who leads it.")])


class LeadUndoForm(BaseForm):
    """The button that takes it back: what to go back to is kept in the browser."""


def place_choices(rules: RuleBook, service: Service) -> list[tuple[str, str]]:
    """Return the rooms, and online, as far as the group meets that way."""
    rooms = [(str(room.id), f"{at.name}, {room.name}") for at in rules.locations for room in at.rooms]
    online = [("online", "Online")] if service.online else []
    return [*(rooms if service.in_person else []), *online]


def rooms_by_choice(rules: RuleBook) -> dict[str, Any]:
    """Return the rooms by what a form sends for them."""
    return {str(room.id): room for at in rules.locations for room in at.rooms}
