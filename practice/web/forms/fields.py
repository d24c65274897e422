"""Fields for what people here are asked: addresses, phones, money, times of day, lengths, zones and dates.

Choices of every field are given as ``{value: words}``. Zero and midnight are values: ask for them with InputRequired,
never DataRequired.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import current_app, has_app_context
from wtforms import DateField as NativeDateField
from wtforms import EmailField as NativeEmailField
from wtforms import Field, SelectField, SelectMultipleField, TelField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from practice.web.presenting import Habit, format_minute, zone_city

DAY_MINUTES: Final = 24 * 60
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
AREAS: Final = (
    "America",
    "Europe",
    "Africa",
    "Asia",
    "Australia",
    "Pacific",
    "Atlantic",
    "Indian",
    "Antarctica",
    "Arctic",
)
MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
MONEY: Final = re.compile(r"[$€£]?\s?(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{2}))?", re.ASCII)
DEFAULT_REGION: Final = "US"


class EmailField(NativeEmailField):
    """An e-mail address; ``data`` is normalized, its domain in lower case. Not looked up, only read."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse what cannot be an address."""
        if not self.data:
            return
        try:
            found = validate_email(self.data, check_deliverability=False, test_environment=takes_test_addresses())
        except EmailNotValidError as error:
            raise ValidationError("Enter an e-mail address in the right form, like name@example.com.") from error
        self.data = found.normalized


class PhoneField(TelField):
    """A phone number; ``data`` is E.164 ("+12125550123"). Without a country code it is the practice's country's."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse what cannot be a phone number."""
        if not self.data:
            return
        try:
            number = phonenumbers.parse(self.data, phone_region())
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number) or number.extension:
            raise ValidationError("Enter a phone number, like 212 555 0123. Add + and the country's code from abroad.")
        self.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TypedField(Field):
    """One line of text that ``read`` turns into a value; what was typed is shown again when it cannot."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; nothing typed is None."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> Any:
        """The value of ``text``; ValueError carries the sentence to show."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text of a stored ``value``."""
        return str(value)


class NumberField(TypedField):
    """A whole number from ``least`` to ``most``; ``unit`` is what the sentences call it."""

    data: int | None

    def __init__(self, label: str, validators: Any = None, *, least: int, most: int, unit: str, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most, self.unit = least, most, unit

    def read(self, text: str) -> int:
        """Read the number, or say which ones are taken."""
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not self.least <= int(text) <= self.most:
            msg = f"Enter {self.unit} as a whole number from {self.least} to {self.most}."
            raise ValueError(msg)
        return int(text)


class MinutesField(NumberField):
    """A length of time in minutes."""

    def __init__(
        self, label: str, validators: Any = None, *, least: int = 0, most: int = DAY_MINUTES, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, least=least, most=most, unit="the minutes", **kwargs)


class MoneyField(TypedField):
    """An amount of money; ``data`` is in cents, at most ``most``."""

    data: int | None

    def __init__(self, label: str, validators: Any = None, *, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.most = most

    def read(self, text: str) -> int:
        """Read "140", "$140" or "1,400.50"."""
        found = MONEY.fullmatch(text)
        if not found:
            raise ValueError("Enter an amount of money, like 140 or 62.50.")
        cents = int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
        if cents > self.most:
            msg = f"Enter an amount of {self.most // 100:,} or less."
            raise ValueError(msg)
        return cents

    def write(self, value: int) -> str:
        """ "140" or "62.50"."""
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02}" if rest else str(whole)


class TimeOfDayField(SelectField):
    """A wall-clock time, chosen from a list; ``data`` is the minute of the day.

    The list goes in steps of ``step`` minutes, but a finer time that is sent or stored is taken too. With ``ends`` it
    leaves out 0:00 and ends with midnight (1440), for the end of a span.
    """

    def __init__(
        self,
        label: str,
        validators: Any = None,
        *,
        step: int = 15,
        ends: bool = False,
        habit: Habit = "12h",
        **kwargs: Any,
    ) -> None:
        self.ends, self.habit = ends, habit
        self.times = time_choices(step, ends, habit)
        super().__init__(label, validators, read_clock, self.times, validate_choice=False, **kwargs)

    def process_data(self, value: Any) -> None:
        """Take the minute that an object holds; a time between the steps joins the list."""
        self.data = value
        self._offer(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read "17:00"."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        minute = read_clock(text)
        if minute is None or (minute == DAY_MINUTES and not self.ends):
            raise ValueError("Choose a time.")
        self.data = minute
        self._offer(minute)

    def _offer(self, minute: int | None) -> None:
        if minute is not None and clock_text(minute) not in self.times:
            known = self.times | {clock_text(minute): format_minute(minute, self.habit)}
            self.times = self.choices = dict(sorted(known.items()))


def clock_text(minute: int) -> str:
    """ "17:00", as a form sends it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_clock(text: str) -> int | None:
    """The minute of the day that "17:00" is; None for anything else."""
    return int(text[:2]) * 60 + int(text[3:]) if TIME_OF_DAY.fullmatch(text) else None


@lru_cache(maxsize=16)
def time_choices(step: int, ends: bool, habit: Habit) -> dict[str, str]:
    """The times of a day in steps of ``step`` minutes, after an empty choice."""
    minutes = range(step, DAY_MINUTES + 1, step) if ends else range(0, DAY_MINUTES, step)
    return {"": "Choose a time"} | {clock_text(minute): format_minute(minute, habit) for minute in minutes}


class DateField(NativeDateField):
    """A date in the browser's own control; what is typed without one reads "2026-11-24"."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read an ISO date."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        found = iso_date(text)
        if found is None or not EARLIEST <= found <= LATEST:
            raise ValueError("Enter a date, like 2026-11-24.")
        self.data = found


def iso_date(text: str) -> date | None:
    """The date that "2026-11-24" is, and nothing looser."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class ZoneField(SelectField):
    """A time zone by its IANA name; ``common`` ones stand first."""

    def __init__(self, label: str, validators: Any = None, *, common: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=zone_choices(tuple(common)), **kwargs)

    def pre_validate(self, _form: Any) -> None:
        """Take only zones that the clock knows; an older name is fine, though the list leaves it out."""
        if self.data and self.data not in known_zones():
            raise ValidationError("Choose a time zone from the list.")


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The IANA zones of this machine that name a place, and UTC."""
    return frozenset(zone for zone in available_timezones() if zone.partition("/")[0] in AREAS or zone == "UTC")


@lru_cache(maxsize=8)
def zone_choices(common: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Zones by continent, with the ``common`` ones in a first group."""
    groups = {"Here": {zone: zone_city(zone) for zone in common}} if common else {}
    others = sorted(known_zones().difference(common), key=zone_city)
    for area in AREAS:
        groups[area] = {zone: zone_city(zone) for zone in others if zone.startswith(area + "/")}
    if "UTC" not in common:
        groups["Other"] = {"UTC": "UTC"}
    return groups


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


@dataclass(frozen=True, slots=True)
class DatePart:
    """One of the three text fields of a date."""

    key: str
    label: str
    width: str
    name: str
    id: str
    value: str


class ThreePartDateField(Field):
    """A date that people know by heart, such as a birth date, as three text fields; a month may be a word."""

    data: date | None
    keys = ("month", "day", "year")
    widths = {"day": "2", "month": "6", "year": "4"}

    @property
    def sent_names(self) -> tuple[str, ...]:
        """The names under which its parts are sent."""
        return tuple(f"{self.name}-{key}" for key in self.keys)

    @property
    def first_id(self) -> str:
        """The id of its first text field."""
        return f"{self.id}-{self.keys[0]}"

    @property
    def parts(self) -> list[DatePart]:
        """Its text fields with what they hold."""
        return [
            DatePart(key, key.title(), self.widths[key], f"{self.name}-{key}", f"{self.id}-{key}", self._held(key))
            for key in self.keys
        ]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the date of an object, then what was sent."""
        super().process(None, data, extra_filters)
        self.typed: dict[str, str] = {}
        if formdata is None or not any(name in formdata for name in self.sent_names):
            return
        self.typed = {key: str(formdata.get(f"{self.name}-{key}", "")).strip() for key in self.keys}
        self.raw_data = [" ".join(self.typed.values()).strip()]
        self.data = None
        try:
            self.data = read_date(self.typed)
        except ValueError as error:
            self.process_errors = [*self.process_errors, str(error)]

    def _held(self, key: str) -> str:
        if self.typed:
            return self.typed[key]
        return "" if self.data is None else str(getattr(self.data, key))


def read_date(parts: dict[str, str]) -> date | None:
    """The date of ``parts`` (day, month, year), None when all are empty; ValueError says what is missing."""
    if not any(parts.values()):
        return None
    missing = [key for key, text in parts.items() if not text]
    if missing:
        msg = f"The date needs a {' and a '.join(missing)}."
        raise ValueError(msg)
    month = read_month(parts["month"])
    digits = [re.fullmatch(pattern, parts[key], re.ASCII) for key, pattern in (("day", r"\d{1,2}"), ("year", r"\d{4}"))]
    try:
        found = date(int(parts["year"]), month, int(parts["day"])) if month and all(digits) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise ValueError("Enter a real date, like March 27 1987.")
    return found


def read_month(text: str) -> int | None:
    """The month that "3", "03", "Mar" or "March" means."""
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        return int(text)
    short = text[:3].lower()
    return MONTH_NAMES.index(short) + 1 if short in MONTH_NAMES else None


def phone_region() -> str:
    """The country that a number without a country's code belongs to: the practice's (``init_app`` of frame.py)."""
    ask = current_app.extensions.get("phone_region") if has_app_context() else None
    return str(ask()) if ask else DEFAULT_REGION


def takes_test_addresses() -> bool:
    """Whether addresses under ``.test`` are taken, as the demo's and the tests' are."""
    settings = current_app.extensions.get("settings") if has_app_context() else None
    return settings is not None and settings.mode != "production"
