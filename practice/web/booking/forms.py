"""What the steps of booking ask for."""

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

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


class ForWhomForm(ChosenForm):
    """A stranger's answer."""

    who = RadioField("Who is this session for?", [InputRequired("Choose who this session is for.")], choices=FOR_WHOM)


class WhichClientForm(ChosenForm):
    """One of the clients that the account acts for."""

    who = RadioField("Who is this session for?", [InputRequired("Choose who this session is for.")])


class WhichTwoForm(ChosenForm):
    """Those who come to a session for two, as far as the account acts for them."""

    who = CheckboxesField("Who is coming?", [InputRequired("Choose who is coming.")])


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
