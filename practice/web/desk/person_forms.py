"""What the desk knows of a client, and of somebody new."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from practice.services.clients import NewClient
from practice.web.calendar_days import today_here
from practice.web.desk.forms import AtForm, WayForm
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import EmailField, PhoneField, ThreePartDateField, ZoneField

NOT_THEIR_WORD = (
    "Tick this if they said so themselves. If not, leave e-mail and phone empty, and choose not to contact them."
)


class ReachedForm(BaseForm):
    """How somebody may be reached."""

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


class SaidForm(ReachedForm):
    """What one of two said themselves."""


class PersonForm(ReachedForm):
    """What the desk knows of a client."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    chosen_name = StringField(
        "Chosen name", [Optional(), Length(max=120)], description="What this person is called here, if it differs."
    )
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)])
    birth_date = ThreePartDateField("Date of birth", [Optional()], description="For example, March 27 1987.")
    zone = ZoneField("Time zone", [InputRequired("Choose the time zone.")])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; nobody is born in the future."""
        passed = super().validate(extra_validators)
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


class SecondClientForm(NewClientForm):
    """The other one of two, who is new: without their own word only their name is kept, and nobody writes to them."""

    agreed = BooleanField(
        "They told us themselves how they may be reached",
        description="Otherwise leave e-mail and phone empty: there will be a link for them to hand on.",
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; a contact is only kept with their own word."""
        passed = super().validate(extra_validators)
        has_contact = self.safe_contact.data != "none" or self.email.data or self.phone.data
        if passed and has_contact and not self.agreed.data:
            self.agreed.errors = [NOT_THEIR_WORD]
            passed = False
        return passed

    def to_client(self) -> NewClient:
        """Return what was sent; without their word, their agreement is waited for."""
        return replace(super().to_client(), awaits_agreement=not self.agreed.data)
