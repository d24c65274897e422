"""What the desk sends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from practice.services.clients import NewClient
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import DateField, EmailField, NumberField, PhoneField, TimeOfDayField, ZoneField

# Only pages of the desk, only plain characters: nobody can be led anywhere else.
BACK = r"/desk(/[A-Za-z0-9_\-]+)*(\?[A-Za-z0-9_\-=&]*)?(#[A-Za-z0-9_\-]+)?"


class BackForm(BaseForm):
    """A form that leads back to the page it stood on."""

    back = HiddenField("Back", [Optional(), Regexp(f"^{BACK}$", message="This page is not one of the desk's.")])

    def where(self, otherwise: str) -> str:
        """Return where to go when it is done."""
        return str(self.back.data or otherwise)


STEPS = {
    "booked": "Booked, as before",
    "arrived": "Arrived",
    "completed": "Completed",
    "no_show": "Did not come",
}
NOTES = STEPS | {
    "fee_noted": "Fee noted",
    "fee_open": "Fee not noted",
    "cancelled": "Cancelled by the client",
    "cancelled_by_practice": "Cancelled by us",
}


class MarkForm(BackForm):
    """What is noted of a place."""

    status = RadioField("Status", [InputRequired("Choose what to note.")], choices=NOTES)


class ActForm(BackForm):
    """A button of the board: what to note, and of which place."""

    do = HiddenField(
        "What",
        [InputRequired("Choose what to note."), Regexp(rf"^({'|'.join(NOTES)})\.[A-Za-z0-9_\-]{{1,40}}$")],
    )


class UndoForm(MarkForm):
    """What was noted of a place, and how it stood before."""

    before = RadioField("Before", [Optional()], choices=STEPS)


class NamesForm(BackForm):
    """Whether the day shows names."""

    hide = RadioField("Names", [InputRequired("Choose.")], choices={"yes": "Hide names", "no": "Show names"})


class CancelForm(BaseForm):
    """Who cancels."""

    who = RadioField(
        "Who cancels this session?",
        [InputRequired("Choose who cancels.")],
        choices={"client": "The client", "practice": "The practice"},
    )


class AtForm(BaseForm):
    """The time: "epoch minute.therapist"."""

    at = HiddenField("Time", [InputRequired("Choose a time.")])


class WayForm(AtForm):
    """The time and how people meet."""

    way = RadioField("How will you meet?", [InputRequired("Choose how to meet.")])


class MoveForm(BaseForm):
    """Where a session moves to: any therapist, day, time and place, whether or not that is possible."""

    therapist = SelectField("Therapist", [InputRequired("Choose a therapist.")], id="to-therapist")
    on = DateField("Day", [InputRequired("Enter the day.")])
    time = TimeOfDayField("Time", [InputRequired("Choose the time.")])
    place = SelectField("Where", [InputRequired("Choose where.")])


class MoveWayForm(WayForm, BackForm):
    """A time and a way to meet for a session that moves, and where to go back to."""

    way = RadioField("Where?", [InputRequired("Choose where.")])


class MoveUndoForm(MoveWayForm):
    """Where a session was, and when it was moved away from there."""

    moved_at = HiddenField("Moved", [InputRequired("When it was moved is missing.")])

    def moment(self) -> datetime | None:
        """Return when it was moved, or None where what was sent is no time."""
        try:
            found = datetime.fromisoformat(str(self.moved_at.data))
        except ValueError:
            return None
        return found if found.tzinfo else None


class PersonForm(BaseForm):
    """What the desk knows of a client."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    chosen_name = StringField(
        "Chosen name", [Optional(), Length(max=120)], description="What this person is called here, if it differs."
    )
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)])
    email = EmailField("E-mail", [Optional()], description="Leave it empty for somebody without e-mail.")
    phone = PhoneField("Phone", [Optional()])
    safe_contact = RadioField(
        "Is it safe to e-mail or text this person?",
        [InputRequired("Ask how we may reach this person.")],
        choices={
            "email": "Yes, by e-mail",
            "text": "Only by text message",
            "call": "Only by phone call",
            "none": "No, please do not contact them",
        },
    )
    zone = ZoneField("Time zone", [InputRequired("Choose the time zone.")])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; a safe way to be reached needs its address or number."""
        passed = super().validate(extra_validators)
        if self.safe_contact.data == "email" and not self.email.data and not self.email.errors:
            self.email.errors = ["Enter the e-mail address, or choose another way to reach this person."]
            passed = False
        if self.safe_contact.data in ("text", "call") and not self.phone.data and not self.phone.errors:
            self.phone.errors = ["Enter the phone number, or choose another way to reach this person."]
            passed = False
        return passed

    def to_client(self) -> NewClient:
        """Return what was sent."""
        return NewClient(
            name=str(self.name.data),
            zone=str(self.zone.data),
            chosen_name=str(self.chosen_name.data or ""),
            pronouns=str(self.pronouns.data or ""),
            email=self.email.data or None,
            phone=self.phone.data or None,
            safe_contact=str(self.safe_contact.data),
        )


class NewPersonForm(PersonForm, AtForm):
    """Who is new."""


class NewClientForm(NewPersonForm, WayForm):
    """Who is new, and how people meet: with them everybody is known."""


class GroupDateForm(BaseForm):
    """When a group meets, who leads it, and where: a room's id, or "online"."""

    therapist = SelectField("Who leads it?", [InputRequired("Choose a therapist.")])
    on = DateField("Date", [InputRequired("Enter the date.")])
    start = TimeOfDayField("Start", [InputRequired("Choose the time.")])
    place = SelectField("Where?", [InputRequired("Choose where the group meets.")])
    capacity = NumberField("Places", [InputRequired("Enter the places.")], least=2, most=100, unit="the places")
