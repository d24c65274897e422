"""What admins send."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.services.offering import ServiceDetails
from practice.services.places import LocationDetails, RoomDetails
from practice.services.practice_setup import Policies, PracticeWords
from practice.services.team import TherapistDetails
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

MOST_NOTICE = 60 * 24 * 60
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
KINDS = {
    "consultation": "A first conversation",
    "individual": "A session for one",
    "couple": "A session for two",
    "group": "A group",
}
AUDIENCES = {"public": "Everybody", "clients": "Clients only", "staff": "Only staff book it"}
LISTINGS = {"public": "Everybody", "clients": "Clients only", "staff": "Nobody but staff"}
ROLES = {"therapist": "Therapist", "front_desk": "Front desk", "admin": "Admin"}


class PracticeForm(BaseForm):
    """What the practice is called, and where it is."""

    name = StringField("Name of the practice", [InputRequired("Enter the name of the practice."), Length(max=120)])
    zone = ZoneField(
        "Time zone", [InputRequired("Choose the time zone.")], description="Its days and policies follow it."
    )
    country = SelectField("Country", choices=COUNTRIES, description="For phone numbers and crisis help.")
    currency = SelectField("Currency", choices=CURRENCIES)
    locale = SelectField("Times are written like", choices=LOCALES)
    email = EmailField("E-mail", [Optional()], description="Where clients can write to.")
    phone = PhoneField("Phone", [Optional()])
    about = TextAreaField("About the practice", [Optional(), Length(max=4000)])
    crisis_text = TextAreaField(
        "Help in a crisis",
        [Optional(), Length(max=1000)],
        description="Stands at the foot of every page. Leave it empty for the help lines of your country.",
    )

    def to_words(self) -> PracticeWords:
        """Return what was sent."""
        return PracticeWords(**{name: str(value or "") for name, value in _values(self).items()})


class PoliciesForm(BaseForm):
    """What holds for every booking."""

    notice_minutes = MinutesField(
        "Shortest notice, in minutes",
        [InputRequired("Enter the minutes.")],
        most=MOST_NOTICE,
        description="How long before a session clients can still book it; 1440 is a day. Staff can always.",
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
        "A chosen time is kept for, in minutes", [InputRequired("Enter the minutes.")], least=1, most=240
    )
    request_minutes = MinutesField(
        "An unproven e-mail keeps a time for, in minutes", [InputRequired("Enter the minutes.")], least=5, most=1440
    )
    allows_full_names_in_feeds = BooleanField(
        "Calendar links may show full names", description="Whoever has such a link reads who comes to therapy here."
    )

    def to_policies(self) -> Policies:
        """Return what was sent."""
        found: dict[str, Any] = _values(self)
        return Policies(late_fee_cents=found.pop("late_fee"), **found)


class ServiceForm(BaseForm):
    """A kind of session."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)])
    kind = RadioField("What is it?", [InputRequired("Choose what it is.")], choices=KINDS)
    audience = RadioField("Who can book it?", [InputRequired("Choose who can book it.")], choices=AUDIENCES)
    duration_minutes = MinutesField("Minutes", [InputRequired("Enter how long it is.")], least=5, most=720)
    before_minutes = MinutesField(
        "Minutes kept free before", [InputRequired("Enter the minutes.")], most=240, default=0
    )
    after_minutes = MinutesField("Minutes kept free after", [InputRequired("Enter the minutes.")], most=240, default=10)
    step_minutes = MinutesField(
        "Starts every … minutes", [InputRequired("Enter the minutes.")], least=5, most=720, default=30
    )
    capacity = NumberField(
        "Places", [InputRequired("Enter how many can come.")], least=1, most=500, unit="the places", default=1,
        description="For groups. A session for one has one place, for two it has two.",
    )  # fmt: skip
    price = MoneyField("Price", [InputRequired("Enter the price. It can be 0.")])
    in_person = BooleanField("In person", default=True)
    online = BooleanField("Online", default=True)
    notice_minutes = MinutesField(
        "Shortest notice, in minutes",
        [Optional()],
        most=MOST_NOTICE,
        description="Leave it empty for the practice's.",
    )
    window_days = NumberField(
        "How far ahead, in days", [Optional()], least=1, most=730, unit="the days",
        description="Leave it empty for the practice's.",
    )  # fmt: skip
    about = TextAreaField("What it is, in a sentence or two", [Optional(), Length(max=2000)])
    what_to_expect = TextAreaField("What to expect", [Optional(), Length(max=2000)])

    def to_details(self) -> ServiceDetails:
        """Return what was sent."""
        found: dict[str, Any] = _values(self)
        for name in ("about", "what_to_expect"):
            found[name] = found[name] or ""
        return ServiceDetails(price_cents=found.pop("price"), **found)


class TherapistForm(BaseForm):
    """Somebody who leads sessions."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    credentials = StringField("Credentials", [Optional(), Length(max=120)], description="For example, PhD, LCSW.")
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)])
    zone = ZoneField("Time zone of online hours", [InputRequired("Choose the time zone.")])
    listing = RadioField("Who sees this person?", [InputRequired("Choose who sees this person.")], choices=LISTINGS)
    takes_new_clients = BooleanField("Takes new clients", default=True)
    about = TextAreaField("About", [Optional(), Length(max=4000)])
    helps_with = TextAreaField("Helps with", [Optional()], description="One on each line.")
    approaches = TextAreaField("Works with", [Optional()], description="One on each line.")
    languages = TextAreaField("Languages", [Optional()], description="One on each line.")

    def to_details(self) -> TherapistDetails:
        """Return what was sent."""
        return TherapistDetails(
            name=str(self.name.data),
            zone=str(self.zone.data),
            listing=str(self.listing.data),
            takes_new_clients=bool(self.takes_new_clients.data),
            credentials=self.credentials.data or "",
            pronouns=self.pronouns.data or "",
            about=self.about.data or "",
            helps_with=lines_of(self.helps_with.data),
            approaches=lines_of(self.approaches.data),
            languages=lines_of(self.languages.data),
        )


class LocationForm(BaseForm):
    """A place."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)])
    address = TextAreaField("Address", [InputRequired("Enter the address."), Length(max=400)])
    directions = TextAreaField("How to find it", [Optional(), Length(max=1000)])
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
    features = TextAreaField("What it has", [Optional()], description="One on each line, for example step-free.")

    def to_details(self) -> RoomDetails:
        """Return what was sent."""
        return RoomDetails(str(self.name.data), lines_of(self.features.data))


class ClosureForm(SpanForm):
    """Days on which a place or the whole practice is closed."""

    name = StringField("Name", [Optional(), Length(max=120)], description="For example, Thanksgiving.")
    location = SelectField("What is closed?", [Optional()])


class InviteForm(BaseForm):
    """Somebody who works here."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    email = EmailField("E-mail", [InputRequired("Enter the e-mail address.")])
    roles = CheckboxesField("Works as", [InputRequired("Choose at least one.")], choices=ROLES)
    therapist = SelectField(
        "Which therapist is it?", [Optional()], description="For therapists: whose calendar the account opens."
    )


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the lines of a text that hold something, each once and at most 80 characters long, at most 30."""
    lines = (line.strip()[:80] for line in (text or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))[:30]


def _values(form: BaseForm) -> dict[str, Any]:
    return {field.name: field.data for field in form}


def choose(field: Any, choices: dict[str, str], current: str = "") -> None:
    """Let a select offer ``choices``, and what is stored where that is none of them."""
    field.choices = choices if current in choices or not current else {current: current} | choices
