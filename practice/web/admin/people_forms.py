"""What admins send about the people who work here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from practice.adapters.pictures import MOST_BYTES
from practice.domain.errors import ValidationFailed
from practice.domain.regions import region_code
from practice.services.licences import LicenceDetails
from practice.services.staff import Work
from practice.services.team import TherapistDetails
from practice.web.admin.forms import lines_of
from practice.web.admin.pages import Group, PreviewedForm
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import (
    CheckboxesField,
    DateField,
    EmailField,
    MinutesField,
    NumberField,
    ZoneField,
)

LISTINGS = {"public": "Everybody", "clients": "Clients only", "staff": "Nobody but staff"}
ROLES = {"therapist": "Therapist", "front_desk": "Front desk", "admin": "Admin"}
ROLE_HINTS = {
    "therapist": "Sees their own week, keeps their hours.",
    "front_desk": "Sees everybody's day, books for callers, marks who came.",
    "admin": "Sets the practice up. Sees no client.",
}
PROFILE = Group("Who it is", ("name", "credentials", "pronouns", "listing", "takes_new_clients"))
WORDS = Group("What clients read", ("about", "helps_with", "approaches", "languages"))
ZONE = Group("Where they are", ("zone",))
LOAD = Group(
    "How much is enough",
    ("max_in_row", "break_minutes", "max_a_day", "max_first_a_week"),
    "Clients are offered no time beyond these. Leave one empty for no limit; a first session is one with somebody new.",
    is_row=True,
)
STANDING = Group("How they practise", ("supervisor", "works_with_interpreter", "npi"))
NO_PICTURE = "Choose a picture."
MOST_LICENCES = 6
USUAL_BREAK = 30
LICENCE = ("title", "region", "number", "expires_on")


class TherapistForm(PreviewedForm):
    """Somebody who leads sessions."""

    names: Mapping[str, str] = MappingProxyType({})
    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    credentials = StringField("Credentials", [Optional(), Length(max=120)], description="For example, PhD, LCSW.")
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)], description="For example, she/her.")
    listing = RadioField("Who sees this person?", [InputRequired("Choose who sees this person.")], choices=LISTINGS)
    takes_new_clients = BooleanField("Takes new clients", default=True)
    about = TextAreaField("About", [Optional(), Length(max=4000)])
    helps_with = TextAreaField("Helps with", [Optional()], description="One on each line: anxiety, trauma, …")
    approaches = TextAreaField("Works with", [Optional()], description="One on each line.")
    languages = TextAreaField("Languages", [Optional()], description="One on each line.")
    zone = ZoneField("Time zone of online hours", [InputRequired("Choose the time zone.")])
    max_in_row = NumberField("Sessions in a row", [Optional()], least=1, most=50, unit="the sessions")
    break_minutes = MinutesField("Then a break, in minutes", [Optional()], least=1, most=480, default=USUAL_BREAK)
    max_a_day = NumberField("Sessions a day", [Optional()], least=1, most=50, unit="the sessions")
    max_first_a_week = NumberField("First sessions a week", [Optional()], least=0, most=50, unit="the sessions")
    supervisor = SelectField(
        "Supervised by", [Optional()], description="For associates: clients read it with their name."
    )
    works_with_interpreter = BooleanField(
        "Works with an interpreter", description="Clients who need one are offered times with whom it works."
    )
    npi = StringField(
        "Provider number (NPI)",
        [Optional(), Regexp(r"\d{10}$", message="Enter the ten digits of the provider number.")],
        description="Stands on estimates of what sessions cost.",
    )

    def offer_supervisors(self, names: Mapping[str, str]) -> None:
        """Let the form offer colleagues, as names by slug."""
        self.names = names
        self.supervisor.choices = {"": "Nobody", **names}

    @property
    def supervisor_name(self) -> str:
        """Who was chosen, "" where nobody was."""
        return self.names.get(self.supervisor.data or "", "")

    def to_details(self) -> TherapistDetails:
        """Return what was sent."""
        return TherapistDetails(
            name=str(self.name.data),
            zone=str(self.zone.data),
            listing=str(self.listing.data),
            takes_new_clients=bool(self.takes_new_clients.data),
            credentials=self.credentials.data or "",
            pronouns=self.pronouns.data or "",
            about=self.about.data or "",
            helps_with=lines_of(self.helps_with.data),
            approaches=lines_of(self.approaches.data),
            languages=lines_of(self.languages.data),
            max_in_row=self.max_in_row.data,
            break_minutes=USUAL_BREAK if self.break_minutes.data is None else self.break_minutes.data,
            max_a_day=self.max_a_day.data,
            max_first_a_week=self.max_first_a_week.data,
            supervisor=self.supervisor.data or "",
            works_with_interpreter=bool(self.works_with_interpreter.data),
            npi=self.npi.data or "",
        )


class WorkForm(BaseForm):
    """What somebody works as."""

    roles = CheckboxesField("Works as", [InputRequired("Choose at least one.")], choices=ROLES)
    therapist = SelectField(
        "Whose profile is it?", [Optional()], description="For therapists: the profile that clients see."
    )

    def to_work(self) -> Work:
        """Return what was sent."""
        return Work(frozenset(self.roles.data or ()), str(self.therapist.data or ""))


class InviteForm(WorkForm):
    """Somebody who is to work here."""

    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    email = EmailField("E-mail", [InputRequired("Enter the e-mail address.")])


class LicencesForm(BaseForm):
    """The base of the form of a therapist's licences; ``licences_form`` adds the fields of each."""

    def row(self, at: int) -> list[Field]:
        """Return the fields of one licence."""
        return [self[f"{name}_{at}"] for name in LICENCE]

    def to_licences(self) -> list[LicenceDetails]:
        """Return the licences that were filled in. Raises ValidationFailed for one that lacks its title or region."""
        found = []
        for at in range(MOST_LICENCES):
            title, region, number = (str(self[f"{name}_{at}"].data or "") for name in ("title", "region", "number"))
            expires_on = self[f"expires_on_{at}"].data
            if not any((title, region, number, expires_on)):
                continue
            for name, value, words in (("title", title, "what it is called"), ("region", region, "where it holds")):
                if not value:
                    sentence = f"Enter {words}."
                    raise ValidationFailed(sentence, errors={f"{name}_{at}": sentence})
            found.append(LicenceDetails(title, region_code(region), number, expires_on))
        return found


def licences_form(sent: Any = None, data: Any = None) -> LicencesForm:
    """Return the form, filled with what was sent, or with ``data``."""
    fields: dict[str, Any] = {}
    for at in range(MOST_LICENCES):
        fields[f"title_{at}"] = StringField("Title", [Optional(), Length(max=80)])
        fields[f"region_{at}"] = StringField("Where it holds", [Optional(), Length(max=60)])
        fields[f"number_{at}"] = StringField("Number", [Optional(), Length(max=60)])
        fields[f"expires_on_{at}"] = DateField("Last day", [Optional()])
    form: type[LicencesForm] = type("LicencesForm", (LicencesForm,), fields)
    return form(sent) if sent is not None else form(data=data)


def licence_groups(shown: int) -> tuple[Group, ...]:
    """Return the fields of the first licences, each under its number."""
    return tuple(
        Group(f"Licence {at + 1}", tuple(f"{name}_{at}" for name in LICENCE), is_row=True)
        for at in range(min(shown, MOST_LICENCES))
    )


class PictureForm(BaseForm):
    """One picture."""

    picture = FileField("Picture", description=f"A JPEG, PNG or WebP file of at most {MOST_BYTES // 1024 // 1024} MB.")

    def sent(self, name: str, files: Mapping[str, FileStorage]) -> bytes:
        """Return what was sent. Raises ValidationFailed where nothing was, or more than a picture."""
        if not self.validate():
            raise ValidationFailed
        found = files.get(name)
        data = found.read() if found is not None and found.filename else b""
        if not data:
            raise ValidationFailed(NO_PICTURE, errors={name: NO_PICTURE})
        return data
