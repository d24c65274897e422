"""What the desk sends."""

from datetime import datetime

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from practice.web.desk.override_form import OverrideForm
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import DateField, TimeOfDayField

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


class WayForm(OverrideForm, AtForm):
    """The time and how people meet, and why the desk books it against a rule, where it does."""

    way = RadioField("How will you meet?", [InputRequired("Choose how to meet.")])


class MoveForm(BaseForm):
    """Where a session moves to: any therapist, day, time and place, whether or not that is possible."""

    therapist = SelectField("Therapist", [InputRequired("Choose a therapist.")], id="to-therapist")
    on = DateField("Day", [InputRequired("Enter the day.")])
    time = TimeOfDayField("Time", [InputRequired("Choose the time.")])
    place = SelectField("Where", [InputRequired("Choose where.")])


class AnyTimeForm(BaseForm):
    """Any time, whether or not it is offered."""

    also_accepts = frozenset({"client"})
    whom = SelectField("Therapist", [InputRequired("Choose a therapist.")])
    on = DateField("Day", [InputRequired("Enter the day.")])
    time = TimeOfDayField("Time", [InputRequired("Choose the time.")])


class MoveWayForm(WayForm, BackForm):
    """A time and a way to meet for a session that moves, and where to go back to."""

    way = RadioField("Where?", [InputRequired("Choose where.")])


class MoveUndoForm(MoveWayForm):
    """Where a session was, and when it was moved away from there."""

    moved_at = HiddenField("Moved", [InputRequired("When it was moved is missing.")])
    was_note = HiddenField("Why it was there", [Optional(), Length(max=400)])

    def moment(self) -> datetime | None:
        """Return when it was moved, or None where what was sent is no time."""
        try:
            found = datetime.fromisoformat(str(self.moved_at.data))
        except ValueError:
            return None
        return found if found.tzinfo else None
