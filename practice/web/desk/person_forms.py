"""What the desk knows of a client, and of somebody new."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from practice.services.clients import NewClient
from practice.web.calendar_days import today_here
from practice.web.desk.forms import AtForm, WayForm
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import EmailField, PhoneField, ThreePartDateField, ZoneField


class PersonForm(BaseForm):
    """What the desk knows of a client."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    chosen_name = StringField(
        "Chosen name", [Optional(), Length(max=120)], description="What this person is called here, if it differs."
    )
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)])
    email = EmailField("E-mail", [Optional()], description="Leave it empty for somebody without e-mail.")
    phone = PhoneField("Phone", [Optional()])
    birth_date = ThreePartDateField("Date of birth", [Optional()], description="For example, March 27 1987.")
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
        if self.birth_date.data and self.birth_date.data > today_here():
            self.birth_date.errors = ["Enter a date of birth that is not in the future."]
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
            birth_date=self.birth_date.data,
        )


class AddClientForm(PersonForm):
    """Who is new. ``once`` tells a second press of the button from a second client."""

    also_accepts = frozenset({"anyway"})
    once = HiddenField("Once", [Optional(), Length(max=40)])

    def key(self) -> str:
        """Return what only this form with just this in it sends, "" where it does not say which form it is."""
        said = {name: str(field.data) for name, field in self._fields.items()}
        whole = json.dumps(said, sort_keys=True).encode()
        return hashlib.sha256(whole).hexdigest() if self.once.data else ""


class NewPersonForm(AddClientForm, AtForm):
    """Who is new, at a time that is chosen already."""


class NewClientForm(NewPersonForm, WayForm):
    """Who is new, and how people meet: with them everybody is known."""
