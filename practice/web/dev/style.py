"""The style page: every component in every state."""

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.dev import examples
from practice.web.dev.blueprint import bp
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
from practice.web.presenting import format_zone

REFUSED = "This is needed."


class StyleForm(BaseForm):
    """One control of each kind."""

    who = RadioField(
        "Who is this session for?",
        [InputRequired("Choose who this session is for.")],
        choices={"me": "Me", "dependent": "Someone I look after", "couple": "Us two"},
    )
    meeting = RadioField(
        "How would you like to meet?",
        [InputRequired("Choose how you would like to meet.")],
        choices={"in_person": "In person", "online": "Online"},
    )
    name = StringField("Your name", [InputRequired("Enter your name."), Length(max=120)])
    email = EmailField("E-mail", [InputRequired("Enter your e-mail address.")], description="We send the code here.")
    phone = PhoneField("Phone", description="Only if we may call or text you.")
    born_on = ThreePartDateField("Date of birth", description="For example, March 27 1987.")
    place = SelectField("Place", choices={"ny": "West 12th Street", "online": "Online"})
    zone = ZoneField("Your time zone", common=(examples.ZONE,))
    starts = TimeOfDayField("From", [InputRequired("Choose when the hours start.")], step=30)
    ends = TimeOfDayField("To", [InputRequired("Choose when the hours end.")], step=30, ends=True)
    day = DateField("First day", [InputRequired("Enter the first day.")])
    length = MinutesField("Minutes", least=10, most=240, default=50)
    price = MoneyField("Price", description="In dollars.", default=14_000)
    days = CheckboxesField(
        "Days", [InputRequired("Choose a day.")], choices={"0": "Monday", "1": "Tuesday", "2": "Wednesday"}
    )
    reach = CheckboxesField("How may we reach you?", choices={"email": "By e-mail", "text": "By text message"})
    agree = BooleanField(
        "It is safe to e-mail me", [InputRequired(REFUSED)], description="Others may read a shared mailbox."
    )
    note = TextAreaField("Anything we should know", description="Your therapist reads this before your session.")


class PlainForm(StyleForm):
    """The same, with what only stands there."""

    version = HiddenField()
    locked = StringField("Cannot be changed now")
    known = StringField("Copy this", default="https://book.example.org/feeds/…")


class Question(BaseForm):
    """A question that is a page of its own."""

    who = RadioField("Who is this session for?", choices={"me": "Me", "couple": "Us two"})
    name = StringField("What shall we call you?")


def wrong_form() -> StyleForm:
    """Return the form with something wrong in each of its fields."""
    sent = {
        "email": "sam@", "phone": "12", "born_on-day": "31", "born_on-month": "Feb", "born_on-year": "1990",
        "place": "moon", "zone": "Moon/Base", "length": "5", "price": "much", "reach": "pigeon", "note": "\x07",
    }  # fmt: skip
    form = StyleForm(MultiDict({f"wrong-{name}": value for name, value in sent.items()}), prefix="wrong-")
    form.validate()
    return form


@bp.get("/style")
@requires(Permission.PUBLIC)
def style() -> ResponseReturnValue:
    """Show every component in every state."""
    plain = {"who": "me", "born_on": date(1987, 3, 27), "starts": 540, "zone": examples.ZONE, "days": ["1"]}
    return render_template(
        "dev/style/page.html",
        plain=PlainForm(data=plain),
        wrong=wrong_form(),
        question=Question(prefix="question-"),
        days=[examples.example_days(week) for week in range(3)],
        board=examples.example_board(),
        zone=format_zone(examples.ZONE),
        long_words=examples.LONG_WORDS,
        messages=examples.MESSAGES,
        statuses=examples.STATUSES,
        facts=examples.FACTS,
        expectations=examples.EXPECTATIONS,
        courses=examples.COURSES,
        parts=examples.LINKS,
        tabs=examples.TABS,
        pages=examples.PAGES,
        found=examples.FOUND,
        seat=examples.Seat(),
    )
