"""What each field of ours reads, refuses and shows again."""

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, Optional

from practice.web.forms.base import BaseForm
from practice.web.forms.fields import (
    CheckboxesField,
    DateField,
    EmailField,
    MinutesField,
    MoneyField,
    PhoneField,
    ThreePartDateField,
    TimeOfDayField,
    ZoneField,
)


class EveryField(BaseForm):
    email = EmailField("E-mail")
    phone = PhoneField("Phone")
    length = MinutesField("Length", least=5, most=240)
    price = MoneyField("Price")
    starts = TimeOfDayField("From", step=30)
    ends = TimeOfDayField("To", step=30, ends=True)
    day = DateField("Day")
    zone = ZoneField("Zone", default="UTC")
    days = CheckboxesField("Days", choices={"0": "Monday", "1": "Tuesday"})
    born_on = ThreePartDateField("Born", [Optional()])


def sent(**values: str) -> EveryField:
    form = EveryField(MultiDict({"zone": "UTC"} | values))
    form.validate()
    return form


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("email", " Sam@Example.COM ", "Sam@example.com"),
        ("phone", "(212) 555-0123", "+12125550123"),
        ("phone", "+44 20 7946 0018", "+442079460018"),
        ("length", " 50 ", 50),
        ("price", "140", 14_000),
        ("price", "$1,400.50", 140_050),
        ("price", "0", 0),
        ("starts", "00:00", 0),
        ("starts", "17:20", 1040),
        ("ends", "24:00", 1440),
        ("day", "2026-11-24", date(2026, 11, 24)),
        ("zone", "Asia/Kathmandu", "Asia/Kathmandu"),
    ],
)
def test_reads(name, text, value):
    form = sent(**{name: text})

    assert form.errors == {}
    assert form[name].data == value


@pytest.mark.parametrize(
    "name, text",
    [
        ("email", "sam@"),
        ("email", "sam@clinic.test"),
        ("email", "sam@example.com\nBcc: all@example.com"),
        ("phone", "12"),
        ("phone", "call me"),
        ("length", "4"),
        ("length", "241"),
        ("length", "-5"),
        ("length", "5.5"),
        ("length", "٥٠"),
        ("price", "-1"),
        ("price", "1.5"),
        ("price", "1e3"),
        ("price", "999999999"),
        ("starts", "24:00"),
        ("starts", "7:00"),
        ("starts", "25:00"),
        ("day", "24/11/2026"),
        ("day", "2026-02-30"),
        ("day", "20261124"),
        ("day", "0001-01-01"),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("days", "7"),
    ],
)
def test_refuses_with_one_sentence_and_shows_what_was_typed(name, text):
    form = sent(**{name: text})

    assert list(form.errors) == [name]
    assert len(form[name].errors) == 1


@pytest.mark.parametrize(
    "day, month, year, value",
    [("27", "3", "1987", date(1987, 3, 27)), ("01", "march", "2001", date(2001, 3, 1)), ("", "", "", None)],
)
def test_a_date_in_three_parts(day, month, year, value):
    form = sent(**{"born_on-day": day, "born_on-month": month, "born_on-year": year})

    assert form.errors == {}
    assert form.born_on.data == value


@pytest.mark.parametrize(
    "day, month, year, words",
    [
        ("31", "2", "1990", "Enter a real date, like March 27 1987."),
        ("27", "3", "87", "Enter a real date, like March 27 1987."),
        ("x", "3", "1987", "Enter a real date, like March 27 1987."),
        ("27", "", "1987", "The date needs a month."),
        ("", "3", "", "The date needs a day and a year."),
    ],
)
def test_a_date_in_three_parts_says_what_it_needs(day, month, year, words):
    form = sent(**{"born_on-day": day, "born_on-month": month, "born_on-year": year})

    assert form.born_on.errors == [words]
    assert [part.value for part in form.born_on.parts] == [month, day, year]


def test_a_required_date_in_three_parts_asks_for_itself():
    class Born(BaseForm):
        born_on = ThreePartDateField("Born", [InputRequired("Enter a date of birth.")])

    form = Born(MultiDict({"born_on-day": "", "born_on-month": "", "born_on-year": ""}))

    assert not form.validate()
    assert form.born_on.errors == ["Enter a date of birth."]


def test_stored_values_are_shown_as_people_type_them():
    form = EveryField(data={"price": 6250, "length": 50, "starts": 545, "born_on": date(1987, 3, 27)})

    assert 'value="62.50"' in form.price()
    assert 'value="50"' in form.length()
    assert '<option selected value="09:05">9:05 AM</option>' in form.starts()
    assert [part.value for part in form.born_on.parts] == ["3", "27", "1987"]


def test_the_end_of_a_span_may_be_midnight():
    assert '<option value="24:00">12:00 AM</option>' in EveryField().ends()


def test_common_zones_come_first():
    class Zones(BaseForm):
        zone = ZoneField("Zone", common=("America/New_York",))

    first = str(Zones().zone()).partition("</optgroup>")[0]

    assert '<optgroup label="Here"><option value="America/New_York">New York</option>' in first


def test_the_app_says_which_country_and_whether_test_addresses_are_taken():
    app = Flask(__name__)
    app.extensions["settings"] = SimpleNamespace(mode="demo")
    app.extensions["phone_region"] = lambda: "GB"
    with app.app_context():
        form = sent(email="client@demo.test", phone="020 7946 0018")

    assert form.errors == {}
    assert form.phone.data == "+442079460018"
