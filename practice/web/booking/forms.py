"""What the steps of booking ask for."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from practice.domain.regions import REGIONS
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import CheckboxesField, EmailField, PhoneField

FOR_WHOM = {"me": "Me", "someone": "Someone I look after", "us": "Us two"}
WHO_HINTS = {
    "someone": "A child, or somebody whose appointments you make.",
    "us": "You come together; each of you has a place.",
}
CONTACTS = {
    "email": "Yes, by e-mail",
    "text": "Only by text message",
    "call": "Only by phone call",
    "none": "No, please do not contact me",
}


class ChosenForm(BaseForm):
    """Carries along what was chosen before the question."""

    therapist = HiddenField()
    meet = HiddenField()
    at = HiddenField()
    length = HiddenField()
    region = HiddenField()


class ForWhomForm(ChosenForm):
    """A stranger's answer."""

    who = RadioField("Who is this session for?", [InputRequired("Choose who this session is for.")], choices=FOR_WHOM)


class WhichClientForm(ChosenForm):
    """One of the clients that the account acts for."""

    who = RadioField("Who is this session for?", [InputRequired("Choose who this session is for.")])


class WhichTwoForm(ChosenForm):
    """The two who come: whom the account acts for, who came with them before, or somebody new.

    ``own`` are those of them whom the account acts for.
    """

    who = CheckboxesField("Who is coming?", [InputRequired("Choose who is coming.")])
    own: frozenset[str] = frozenset()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; two come, and one of them is whoever books, or is looked after by them."""
        passed = super().validate(extra_validators)
        chosen = set(self.who.data or ())
        if passed and (len(chosen) != 2 or not chosen & self.own):
            self.who.errors = ["Choose the two who are coming, one of them you or somebody you look after."]
            passed = False
        return passed


class WhereForm(BaseForm):
    """Where somebody will be during a session online."""

    who = HiddenField()
    therapist = HiddenField()
    meet = HiddenField()
    at = HiddenField()
    length = HiddenField()
    region = SelectField(
        "Where will you be during the session?",
        [InputRequired("Choose the state you will be in.")],
        choices={"": "Choose a state"} | dict(REGIONS),
        description="A therapist has to be licensed where you are, so we only offer you those who are.",
    )


class DetailsForm(BaseForm):
    """Who somebody new is, and the other person of the session where there is one."""

    name = StringField("Your name", [InputRequired("Enter your name."), Length(max=120)])
    other_name = StringField("Their name", [InputRequired("Enter the other person's name."), Length(max=120)])
    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address.")],
        description="To show us that it is yours. We ask next whether it is safe to write to you.",
    )
    phone = PhoneField("Phone", description="Only if you would like us to have it.")
    pronouns = StringField("Pronouns", [Length(max=40)])


class ContactForm(BaseForm):
    """Which way of reaching somebody puts nobody at risk."""

    safe_contact = RadioField(
        "Is it safe to e-mail or text you?",
        [InputRequired("Choose how we may reach you.")],
        choices=CONTACTS,
        description="Sometimes others read our messages. We do nothing before we know what is safe for you.",
    )


class CodeForm(BaseForm):
    """The six digits of the e-mail."""

    code = StringField("Six-digit code", [InputRequired("Enter the six digits from the e-mail."), Length(max=20)])
