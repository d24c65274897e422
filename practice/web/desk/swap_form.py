"""What the desk sends to swap two sessions."""

from datetime import datetime

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length

from practice.services.swapping import What
from practice.web.forms.base import BaseForm

WHATS = {
    What.TIMES.value: "Their times",
    What.ROOMS.value: "Their rooms",
    What.THERAPISTS.value: "Their therapists",
}


class SwapForm(BaseForm):
    """The other session, and what the two give each other."""

    other = RadioField("Swap with which session?", [InputRequired("Choose a session.")])
    what = RadioField("What do they swap?", [InputRequired("Choose what they swap.")], choices=WHATS)


class SwapNowForm(BaseForm):
    """The same, once more, with how the two stood when that was shown."""

    other = HiddenField("Session", [InputRequired("Choose a session."), Length(max=40)])
    what = RadioField("What", [InputRequired("Choose what they swap.")], choices=WHATS)
    seen = HiddenField("As it was", [InputRequired("Open the page again, please."), Length(max=100)])
    once = HiddenField("Once", [InputRequired("Open the page again, please."), Length(max=40)])

    def moments(self) -> tuple[datetime, datetime] | None:
        """Return when each was changed last as far as the page knew, or None where what was sent is no such thing."""
        try:
            first, last = (datetime.fromisoformat(part) for part in str(self.seen.data).split("|"))
        except ValueError:
            return None
        return (first, last) if first.tzinfo and last.tzinfo else None


class SwapUndoForm(BaseForm):
    """What was swapped, and when."""

    other = HiddenField("Session", [InputRequired("Choose a session."), Length(max=40)])
    what = RadioField("What", [InputRequired("Choose what they swap.")], choices=WHATS)
    swapped_at = HiddenField("Swapped", [InputRequired("When they were swapped is missing."), Length(max=40)])

    def moment(self) -> datetime | None:
        """Return when they were swapped, or None where what was sent is no time."""
        try:
            found = datetime.fromisoformat(str(self.swapped_at.data))
        except ValueError:
            return None
        return found if found.tzinfo else None
