"""What admins send about a service."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.domain.errors import ValidationFailed
from practice.models import Service, ServiceKind
from practice.services.offering import DurationDetails, ServiceDetails
from practice.web.admin.forms import NoticeField, values_of
from practice.web.admin.pages import Group, PreviewedForm
from practice.web.forms.fields import CheckboxesField, MinutesField, MoneyField, NumberField

KINDS = {
    "consultation": "A first conversation",
    "individual": "A session for one",
    "couple": "A session for two",
    "group": "A group",
}
AUDIENCES = {"public": "Everybody", "clients": "Clients only", "staff": "Only staff book it"}
LENGTHS = {1: "Second", 2: "Third", 3: "Fourth"}
LENGTH_FIELDS = tuple(f"{name}_{at}" for at in LENGTHS for name in ("length", "length_price"))
OTHER_LENGTHS = Group(
    "Other lengths",
    LENGTH_FIELDS,
    "Lengths that people can choose beside the one above, each with its price. Without a price it costs the same.",
    is_row=True,
)
GROUPS = (
    Group("What it is", ("name", "kind", "capacity", "about", "what_to_expect")),
    Group("Who books it, and how people meet", ("audience", "in_person", "online", "price")),
    Group(
        "Time",
        ("duration_minutes", "before_minutes", "after_minutes", "step_minutes"),
        "The minutes before and after belong to therapist and room; clients do not see them.",
        is_row=True,
    ),
    OTHER_LENGTHS,
    Group("When it can be booked", ("notice_minutes", "window_days", "max_per_week"), is_row=True),
    Group("What comes first", ("needs_consultation", "needs_approval")),
    Group("Which rooms suit it", ("room_features",)),
)


def groups_for(service: Service) -> tuple[Group, ...]:
    """Return the fields of a service that exists: its kind stays, and only a group has places to change."""
    stays = stays_of(service)
    kept = (replace(each, names=tuple(name for name in each.names if name not in stays)) for each in GROUPS)
    return tuple(each for each in kept if each.names)


def stays_of(service: Service) -> tuple[str, ...]:
    """Return the fields that cannot be changed any more, or are none of its kind: each date of a group has its end."""
    return ("kind", *LENGTH_FIELDS) if service.kind == ServiceKind.GROUP else ("kind", "capacity")


def _length(at: int) -> tuple[Any, Any]:
    word = LENGTHS[at]
    return (
        MinutesField(f"{word} length, in minutes", [Optional()], least=5, most=720),
        MoneyField(f"{word} length, price", [Optional()]),
    )


def known_lengths(durations: Sequence[Any]) -> dict[str, Any]:
    """Return the other lengths of a service as the form holds them."""
    return {
        name: value
        for at, each in zip(LENGTHS, durations, strict=False)
        for name, value in ((f"length_{at}", each.minutes), (f"length_price_{at}", each.price_cents))
    }


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
    length_1, length_price_1 = _length(1)
    length_2, length_price_2 = _length(2)
    length_3, length_price_3 = _length(3)
    max_per_week = NumberField(
        "Most in a week for one client", [Optional()], least=1, most=50, unit="the number",
        description="Leave it empty for as many as they like.",
    )  # fmt: skip
    needs_consultation = BooleanField(
        "After a first conversation", description="Only clients who had one here can book it. Staff always can."
    )
    needs_approval = BooleanField(
        "The therapist agrees first",
        description="A booking is a request: its time is kept until the therapist answers it, or it lapses.",
    )
    room_features = CheckboxesField(
        "The room has to have", [Optional()], description="In person it is offered where such a room is free."
    )

    def to_details(self, like: Service | None = None) -> ServiceDetails:
        """Return what was sent, with what stays of ``like``, a service that exists."""
        found = values_of(self)
        for name in LENGTH_FIELDS:
            found.pop(name, None)
        found["room_features"] = tuple(found["room_features"] or ())
        found["durations"] = self.durations()
        if like is not None:
            found |= {"kind": like.kind, "capacity": found.get("capacity", like.capacity)}
        for name in ("about", "what_to_expect"):
            found[name] = found[name] or ""
        return ServiceDetails(price_cents=found.pop("price"), **found)

    def durations(self) -> tuple[DurationDetails, ...]:
        """Return the other lengths that were filled in. Raises ValidationFailed for a price without its length."""
        found = []
        for at in LENGTHS:
            name = f"length_{at}"
            minutes, price = (self[each].data if each in self else None for each in (name, f"length_price_{at}"))
            if minutes is None and price is not None:
                sentence = "Enter how long it is, or leave its price empty."
                raise ValidationFailed(sentence, errors={name: sentence})
            if minutes is not None:
                found.append(DurationDetails(minutes, price, name))
        return tuple(found)
