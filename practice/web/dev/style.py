"""The style page: every component in every state."""

from datetime import UTC, date, datetime, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.board import Action, Block, Board, Column, Gap, Status, board, now_block
from practice.web.dev.blueprint import bp
from practice.web.facts import Fact
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
from practice.web.paging import PageLinks
from practice.web.presenting import format_zone
from practice.web.shell import Link
from practice.web.slot_days import Day, Offer, slot_days

ZONE = "America/New_York"
# Nothing on the page depends on the day it is looked at.
FIRST = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


class StyleForm(BaseForm):
    """One control of each kind."""

    who = RadioField(
        "Who is this session for?",
        [InputRequired("Choose who this session is for.")],
        choices={"me": "Me", "dependent": "Someone I look after", "couple": "Us two"},
    )
    name = StringField("Your name", [InputRequired("Enter your name."), Length(max=120)])
    email = EmailField("E-mail", [InputRequired("Enter your e-mail address.")], description="We send the code here.")
    phone = PhoneField("Phone", description="Only if we may call or text you.")
    born_on = ThreePartDateField("Date of birth", description="For example, March 27 1987.")
    place = SelectField("Place", choices={"ny": "West 12th Street", "online": "Online"})
    zone = ZoneField("Your time zone", common=(ZONE,))
    starts = TimeOfDayField("From", [InputRequired("Choose when the hours start.")], step=30)
    ends = TimeOfDayField("To", step=30, ends=True)
    day = DateField("First day")
    length = MinutesField("Minutes", least=10, most=240, default=50)
    price = MoneyField("Price", description="In dollars.", default=14_000)
    days = CheckboxesField("Days", choices={"0": "Monday", "1": "Tuesday", "2": "Wednesday"})
    agree = BooleanField("It is safe to e-mail me", description="Others may read a shared mailbox.")
    note = TextAreaField("Anything we should know", description="Your therapist reads this before your session.")


STATUSES = (
    Status("Booked"),
    Status("Arrived", "good", "check"),
    Status("In session", "now"),
    Status("15 minutes late", "attention", "clock"),
    Status("Cancelled", "ended"),
)
FACTS = (
    Fact("Therapist", "Dr. Amara Osei", "#facts"),
    Fact("When", "Tuesday 24 November, 9:00 to 9:50 AM\nNew York time", "#facts"),
    Fact("Where", "West 12th Street, 2nd floor, New York"),
    Fact("Contact", "a-rather-long-address-that-has-to-wrap@mail.example.com", "#facts"),
)


def example_days() -> tuple[Day, ...]:
    """Two days of times, one of them with names."""
    hours = (0, 2, 4, 5, 9, 24, 25, 27, 31)
    offers = [Offer(FIRST + timedelta(hours=hour), f"t{hour}", "Ravi Menon" if hour > 9 else "") for hour in hours]
    return slot_days(offers, ZONE)


def example_board() -> Board:
    """A morning of three therapists."""
    actions = (Action("Arrived", "/dev/style"), Action("Did not come", "/dev/style"))
    amara = (
        Block(540, 590, "9:00 AM", "Priya S.", "#main", ("Weekly session",), Status("Arrived", "good", "check")),
        Block(600, 650, "10:00 AM", "Marek D.", "#main", ("Weekly session",), actions=actions),
        now_block(690),
        Block(720, 780, "12:00 PM", "Lunch", look="away"),
    )
    ben = (
        Block(560, 580, "9:20 AM", "Femi A.", "#main", ("First conversation · Online",), look="hue-2", icon="video"),
        Block(600, 650, "10:00 AM", "Ola J.", lines=("Cancelled",), look="ended"),
        Block(630, 705, "10:30 AM", "Move and play", "#main", ("5 of 12",), Status("In session", "now"), look="hue-5"),
    )
    gaps = (Gap(650, 720, "10:50 AM to 12:00 PM", "#main", "#main"),)
    columns = (
        Column("amara", "Dr. Amara Osei", "Room 1", amara, is_today=True, href="#main", gaps=gaps),
        Column("ben", "Ben Carver", "Studio", ben, hours=((540, 720),), look="hue-2"),
        Column("leila", "Leila Haddad", "Online"),
    )
    return board("Tuesday 24 November", columns, closes=13)


@bp.get("/style")
@requires(Permission.PUBLIC)
def style() -> ResponseReturnValue:
    """Show every component in every state."""
    wrong = StyleForm(MultiDict({"email": "sam@", "born_on-day": "31", "born_on-month": "Feb", "born_on-year": "1990"}))
    wrong.validate()
    return render_template(
        "dev/style.html",
        plain=StyleForm(data={"who": "me", "born_on": date(1987, 3, 27), "starts": 540, "zone": ZONE, "days": ["1"]}),
        wrong=wrong,
        days=example_days(),
        board=example_board(),
        zone=format_zone(ZONE),
        statuses=STATUSES,
        facts=FACTS,
        tabs=(Link("This week", "#tabs", is_current=True), Link("Weekly hours", "#hours"), Link("Time off", "#off")),
        page=PageLinks("21 to 40 of 212", "#pages", "#pages"),
    )
