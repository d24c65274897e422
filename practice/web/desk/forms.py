"""What the desk sends."""

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional, Regexp

from practice.web.forms.base import BaseForm

# Only pages of the desk, only plain characters: nobody can be led anywhere else.
BACK = r"/desk(/[A-Za-z0-9_\-]+)*(#[A-Za-z0-9_\-]+)?"


class BackForm(BaseForm):
    """A form that leads back to the page it stood on."""

    back = HiddenField("Back", [Optional(), Regexp(f"^{BACK}$", message="This page is not one of the desk's.")])

    def where(self, otherwise: str) -> str:
        """Return where to go when it is done."""
        return str(self.back.data or otherwise)


class MarkForm(BackForm):
    """What is noted of a place."""

    status = RadioField(
        "Status",
        [InputRequired("Choose what to note.")],
        choices={
            "booked": "Booked, as before",
            "arrived": "Arrived",
            "completed": "Completed",
            "no_show": "Did not come",
        },
    )


class CancelForm(BaseForm):
    """Who cancels."""

    who = RadioField(
        "Who cancels this session?",
        [InputRequired("Choose who cancels.")],
        choices={"client": "The client", "practice": "The practice"},
    )
