"""The reason that the desk gives when it books against a rule."""

from collections.abc import Mapping

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from practice.domain.overriding import SOFT
from practice.domain.reasons import Code
from practice.services.finding import Override
from practice.web.forms.base import BaseForm

OTHER = "other"
WHY = {
    "": "Choose a reason",
    "client": "The client asked for this time",
    "therapist": "The therapist agreed to this time",
    "ours": "It makes up for a session that we moved or cancelled",
    OTHER: "Something else",
}


class OverrideForm(BaseForm):
    """Which rules are booked against (as the page listed them), and why."""

    against = HiddenField("Against", [Optional(), Length(max=400)])
    why = SelectField("Why is it booked all the same?", [Optional()], choices=WHY, default="")
    note = StringField(
        "In a few words",
        [Optional(), Length(max=120)],
        description="For the team to read. Nothing about health, please.",
    )

    @property
    def codes(self) -> frozenset[Code]:
        """The rules that were listed, as far as they can give way."""
        named = str(self.against.data or "").split(".")
        return frozenset(code for code in SOFT if code.value in named)

    @property
    def needs_reason(self) -> bool:
        """Whether a rule is booked against that the desk is held to as well: notice is asked of clients alone."""
        return bool(self.codes - {Code.TOO_SOON})

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Check everything; what is booked against a rule needs its reason."""
        passed = super().validate(extra_validators)
        if self.needs_reason and not self.why.data:
            self.why.errors = ["Choose why it is booked all the same."]
            passed = False
        if self.why.data == OTHER and not self.note.data and not self.note.errors:
            self.note.errors = ["Say in a few words why."]
            passed = False
        return passed

    def override(self) -> Override | None:
        """Return what is booked against and why, or None where nothing is."""
        why = str(self.why.data or "")
        if not self.codes or not why:
            return None
        said = [f"{WHY[why]}." if why != OTHER else "", str(self.note.data or "")]
        return Override(self.codes, " ".join(part for part in said if part))
