"""What admins send about a service."""

from dataclasses import replace

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.models import Service, ServiceKind
from practice.services.offering import ServiceDetails
from practice.web.admin.forms import NoticeField, values_of
from practice.web.admin.pages import Group, PreviewedForm
from practice.web.forms.fields import MinutesField, MoneyField, NumberField

KINDS = {
    "consultation": "A first conversation",
    "individual": "A session for one",
    "couple": "A session for two",
    "group": "A group",
}
AUDIENCES = {"public": "Everybody", "clients": "Clients only", "staff": "Only staff book it"}
GROUPS = (
    Group("What it is", ("name", "kind", "capacity", "about", "what_to_expect")),
    Group("Who books it, and how people meet", ("audience", "in_person", "online", "price")),
    Group(
        "Time",
        ("duration_minutes", "before_minutes", "after_minutes", "step_minutes"),
        "The minutes before and after belong to therapist and room; clients do not see them.",
        is_row=True,
    ),
    Group("When it can be booked", ("notice_minutes", "window_days"), is_row=True),
)


def groups_for(service: Service) -> tuple[Group, ...]:
    """Return the fields of a service that exists: its kind stays, and only a group has places to change."""
    first = replace(GROUPS[0], names=tuple(name for name in GROUPS[0].names if name not in stays_of(service)))
    return (first, *GROUPS[1:])


def stays_of(service: Service) -> tuple[str, ...]:
    """Return the fields that cannot be changed any more."""
    return ("kind",) if service.kind == ServiceKind.GROUP else ("kind", "capacity")


class ServiceForm(PreviewedForm):
    """A kind of session."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)])
    kind = RadioField("What is it?", [InputRequired("Choose what it is.")], choices=KINDS)
    capacity = NumberField(
        "Places", [InputRequired("Enter how many can come.")], least=1, most=500, unit="the places", default=1,
        description="For groups. A session for one has one place, for two it has two.",
    )  # fmt: skip
    about = TextAreaField("What it is, in a sentence or two", [Optional(), Length(max=2000)])
    what_to_expect = TextAreaField(
        "What to expect",
        [Optional(), Length(max=2000)],
        description="How it goes, what to bring, what nobody has to do: it makes a first visit easier.",
    )
    audience = RadioField("Who can book it?", [InputRequired("Choose who can book it.")], choices=AUDIENCES)
    in_person = BooleanField("In person", default=True)
    online = BooleanField("Online", default=True)
    price = MoneyField("Price", [InputRequired("Enter the price. It can be 0.")])
    duration_minutes = MinutesField("Minutes", [InputRequired("Enter how long it is.")], least=5, most=720)
    before_minutes = MinutesField(
        "Minutes kept free before", [InputRequired("Enter the minutes.")], most=240, default=0
    )
    after_minutes = MinutesField("Minutes kept free after", [InputRequired("Enter the minutes.")], most=240, default=10)
    step_minutes = MinutesField(
        "Starts every … minutes", [InputRequired("Enter the minutes.")], least=5, most=720, default=30
    )
    notice_minutes = NoticeField("Shortest notice", [Optional()], first="As the practice has it")
    window_days = NumberField(
        "How far ahead, in days", [Optional()], least=1, most=730, unit="the days",
        description="Leave it empty for the practice's.",
    )  # fmt: skip

    def to_details(self, like: Service | None = None) -> ServiceDetails:
        """Return what was sent, with what stays of ``like``, a service that exists."""
        found = values_of(self)
        if like is not None:
            found |= {"kind": like.kind, "capacity": found.get("capacity", like.capacity)}
        for name in ("about", "what_to_expect"):
            found[name] = found[name] or ""
        return ServiceDetails(price_cents=found.pop("price"), **found)
