"""What admins send about the practice and its places."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from practice.services.places import LocationDetails, RoomDetails
from practice.services.practice_setup import Policies, PracticeWords
from practice.web.admin.pages import PreviewedForm
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import (
    CheckboxesField,
    EmailField,
    MinutesField,
    MoneyField,
    NumberField,
    PhoneField,
    ZoneField,
)
from practice.web.hours.forms import SpanForm
from practice.web.presenting import humanize_minutes

COUNTRIES = {
    "US": "United States", "CA": "Canada", "GB": "United Kingdom", "IE": "Ireland", "AU": "Australia",
    "NZ": "New Zealand", "DE": "Germany", "AT": "Austria", "CH": "Switzerland", "FR": "France", "NL": "Netherlands",
    "BE": "Belgium", "ES": "Spain", "PT": "Portugal", "IT": "Italy", "SE": "Sweden", "NO": "Norway", "DK": "Denmark",
}  # fmt: skip
CURRENCIES = {
    "USD": "US dollars", "CAD": "Canadian dollars", "GBP": "Pounds", "EUR": "Euros", "AUD": "Australian dollars",
    "NZD": "New Zealand dollars", "CHF": "Swiss francs", "SEK": "Swedish kronor", "NOK": "Norwegian kroner",
    "DKK": "Danish kroner",
}  # fmt: skip
LOCALES = {"en_US": "5:00 PM", "en_GB": "17:00"}
HOUR, DAY = 60, 24 * 60
HOURS, DAYS = (1, 2, 3, 4, 6, 12), (1, 2, 3, 5, 7, 14)
NOTICES = (0, 15, 30, 90, *(hours * HOUR for hours in HOURS), *(days * DAY for days in DAYS))


class PracticeForm(BaseForm):
    """What the practice is called, and where it is."""

    name = StringField("Name of the practice", [InputRequired("Enter the name of the practice."), Length(max=120)])
    email = EmailField("E-mail", [Optional()], description="Where clients can write to.")
    phone = PhoneField("Phone", [Optional()], description="For clients who would rather talk.")
    zone = ZoneField(
        "Time zone", [InputRequired("Choose the time zone.")], description="Its days and policies follow it."
    )
    country = SelectField("Country", choices=COUNTRIES, description="For phone numbers, holidays and crisis help.")
    currency = SelectField("Currency", choices=CURRENCIES)
    locale = SelectField("Times are written like", choices=LOCALES)
    about = TextAreaField(
        "About the practice", [Optional(), Length(max=4000)], description="The first words that clients read at home."
    )
    crisis_text = TextAreaField(
        "Help in a crisis",
        [Optional(), Length(max=1000)],
        description="Stands at the foot of every page. Leave it empty for the help lines of your country.",
    )

    tax_id = StringField(
        "Tax number (EIN)", [Optional(), Length(max=40)], description="Stands on estimates of what sessions cost."
    )
    npi = StringField(
        "Provider number (NPI)",
        [Optional(), Regexp(r"\d{10}$", message="Enter the ten digits of the provider number.")],
        description="Of the practice, where it has one. Stands on estimates, too.",
    )

    def to_words(self) -> PracticeWords:
        """Return what was sent."""
        return PracticeWords(**{name: str(value or "") for name, value in values_of(self).items()})


class NoticeField(SelectField):
    """A length of notice in minutes, chosen from a list; one between its steps that is stored joins the list."""

    def __init__(self, label: str, validators: Any = None, *, first: str = "", **kwargs: Any) -> None:
        self.known = ({"": first} if first else {}) | {str(minutes): _notice(minutes) for minutes in sorted(NOTICES)}
        super().__init__(label, validators, _minutes, self.known, **kwargs)

    def process_data(self, value: Any) -> None:
        """Take the minutes that an object holds."""
        self.data = value
        if value is not None and str(value) not in self.known:
            self.known = self.choices = self.known | {str(value): _notice(value)}


class PoliciesForm(PreviewedForm):
    """What holds for every booking."""

    notice_minutes = NoticeField(
        "Shortest notice",
        [InputRequired("Choose the shortest notice.")],
        description="How long before a session clients can still book it. Staff can always.",
    )
    window_days = NumberField(
        "How far ahead, in days", [InputRequired("Enter the days.")], least=1, most=730, unit="the days"
    )
    free_cancel_hours = NumberField(
        "Cancelling is free until, in hours before",
        [InputRequired("Enter the hours.")],
        least=0, most=24 * 60, unit="the hours",
    )  # fmt: skip
    late_fee = MoneyField("Fee after that", [InputRequired("Enter the fee. It can be 0.")])
    hold_minutes = MinutesField(
        "A chosen time is kept for, in minutes",
        [InputRequired("Enter the minutes.")],
        least=1, most=240,
        description="While somebody who is new here answers the questions of the booking.",
    )  # fmt: skip
    request_minutes = MinutesField(
        "Proving an e-mail may take, in minutes",
        [InputRequired("Enter the minutes.")],
        least=5, most=1440,
        description="The time stays theirs until then.",
    )  # fmt: skip
    answer_hours = NumberField(
        "A request is answered within, in hours",
        [InputRequired("Enter the hours.")],
        least=1, most=720, unit="the hours",
        description="Where a therapist agrees first. What nobody answers by then lapses, and its time is free again.",
    )  # fmt: skip
    checks_licences = BooleanField(
        "Ask where people are during sessions online",
        description="In the United States a therapist has to be licensed in the state where their client is.",
    )
    gives_estimates = BooleanField(
        "Give good-faith estimates",
        description="In the United States people who pay themselves get in writing what sessions are expected to cost.",
    )
    allows_full_names_in_feeds = BooleanField(
        "Calendar links may show full names", description="Whoever has such a link reads who comes to therapy here."
    )

    def to_policies(self) -> Policies:
        """Return what was sent."""
        found = values_of(self)
        return Policies(late_fee_cents=found.pop("late_fee"), **found)


class LocationForm(BaseForm):
    """A place."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)], description="As people call it.")
    address = TextAreaField("Address", [InputRequired("Enter the address."), Length(max=400)])
    directions = TextAreaField(
        "How to get in",
        [Optional(), Length(max=1000)],
        description="The door, the bell, the elevator, the nearest station: clients read it with their session.",
    )
    zone = ZoneField("Time zone", [InputRequired("Choose the time zone.")])

    def to_details(self) -> LocationDetails:
        """Return what was sent."""
        return LocationDetails(
            name=str(self.name.data),
            address=str(self.address.data),
            zone=str(self.zone.data),
            directions=self.directions.data or "",
        )


class RoomForm(BaseForm):
    """A room."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)])
    known = CheckboxesField(
        "What it has", description="Sessions that ask for it, and clients who need it, are given such a room."
    )
    features = TextAreaField("Anything else", [Optional()], description="One on each line.")

    def to_details(self) -> RoomDetails:
        """Return what was sent, each feature once."""
        known = tuple(self.known.data or ())
        return RoomDetails(str(self.name.data), (*known, *lines_of(self.features.data, without=known)))


class ClosureForm(PreviewedForm, SpanForm):
    """Days on which a place or the whole practice is closed."""

    name = StringField("Name", [Optional(), Length(max=120)], description="For example, Thanksgiving.")
    location = SelectField("What is closed?", [Optional()])


def lines_of(text: str | None, *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the lines of a text that hold something, each once and at most 80 characters long, at most 30."""
    lines = (" ".join(line.split())[:80] for line in (text or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and line not in without))[:30]


def values_of(form: BaseForm) -> dict[str, Any]:
    """Return the data of every field, by name."""
    return {field.name: field.data for field in form}


def choose(field: Any, choices: dict[str, str], current: str = "") -> None:
    """Let a select offer ``choices``, and what is stored where that is none of them."""
    field.choices = choices if current in choices or not current else {current: current} | choices


def _notice(minutes: int) -> str:
    return humanize_minutes(minutes) if minutes else "None: until it begins"


def _minutes(value: Any) -> int | None:
    if value in (None, ""):
        return None
    return int(value)
