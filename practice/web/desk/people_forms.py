"""What the desk says of somebody who acts for a client: who they are, what they may do, from and until when."""

from datetime import date

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from practice.models import AccessKind
from practice.queries.access import Access
from practice.services.access import ALL_RIGHTS, NewAccess, Rights
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import CheckboxesField, DateField, EmailField

RIGHTS = {
    "can_book": "Book, move and cancel sessions",
    "can_see_times": "See when sessions are",
    "can_consent": "Consent to care",
    "can_read": "Read what is answered in questionnaires",
    "is_written_to": "Be written to about sessions",
}


class RightsForm(BaseForm):
    """What a guardian may do, each by itself, and from and until when."""

    rights = CheckboxesField(
        "What may they do?", choices=RIGHTS, description="Each by itself. With none of them they can only sign in."
    )
    valid_from = DateField("From", [InputRequired("Enter the first day.")])
    valid_until = DateField(
        "Until",
        [Optional()],
        description="The last day, where one is agreed. It ends by itself when the client is of age.",
    )

    def first_day(self) -> date:
        """Return the first day of a valid form."""
        found = self.valid_from.data
        if found is None:
            raise ValueError("the form was not validated")
        return found

    def to_rights(self) -> Rights:
        """Return what was ticked."""
        ticked = set(self.rights.data or ())
        return Rights(**{name: name in ticked for name in RIGHTS})


class GuardianForm(RightsForm):
    """A new guardian."""

    email = EmailField(
        "Their e-mail address",
        [InputRequired("Enter their e-mail address.")],
        description="We write to them there, with a link to begin with. Other guardians never see it.",
    )
    name = StringField("Their name", [InputRequired("Enter their name."), Length(max=120)])

    def to_access(self) -> NewAccess:
        """Return what was sent."""
        return NewAccess(
            email=str(self.email.data),
            name=str(self.name.data),
            kind=AccessKind.GUARDIAN,
            rights=self.to_rights(),
            valid_from=self.first_day(),
            valid_until=self.valid_until.data,
        )


class OwnSignInForm(BaseForm):
    """A client's own sign-in."""

    email = EmailField(
        "Their own e-mail address",
        [InputRequired("Enter their own e-mail address.")],
        description="We send a link to begin with there. Guardians never see it, and cannot change it.",
    )

    def to_access(self, name: str, today: date) -> NewAccess:
        """Return what was sent."""
        return NewAccess(str(self.email.data), name, AccessKind.SELF, ALL_RIGHTS, today)


def ticked(access: Access, *, reads: bool) -> list[str]:
    """Return the rights that are in force; ``reads`` is whether the one to read still is."""
    return [name for name in RIGHTS if (reads if name == "can_read" else getattr(access, name))]
