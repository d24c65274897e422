"""What is sent about hours."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from practice.domain.errors import ValidationFailed
from practice.domain.intervals import instant
from practice.domain.wall_time import instants_of
from practice.domain.weekly_hours import minute_of
from practice.services.hours import Stretch, WeeklyHours
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import DAY_MINUTES, DateField, TimeOfDayField
from practice.web.hours.owner import ONLINE, read_place
from practice.web.presenting import WEEKDAYS, format_minute

STRETCHES = 4
WHICH = {"": "The clock shows this time once", "0": "The first time it comes", "1": "The second time it comes"}


class WeeklyForm(BaseForm):
    """Hours of one weekday."""

    weekday = SelectField("Day", choices={str(day): name for day, name in enumerate(WEEKDAYS)})
    starts = TimeOfDayField("From", [InputRequired("Choose when the hours start.")])
    ends = TimeOfDayField("To", [InputRequired("Choose when the hours end.")], ends=True)
    place = SelectField("Where", [InputRequired("Choose where.")], default=ONLINE)
    valid_from = DateField("First day", [InputRequired("Enter the first day on which this holds.")])
    valid_until = DateField("Last day", [Optional()], description="Leave it empty if the hours go on.")

    def to_hours(self) -> WeeklyHours:
        """Return what was sent."""
        location, is_online = read_place(str(self.place.data))
        stretch = Stretch(cast("int", self.starts.data), cast("int", self.ends.data), location, is_online)
        first = cast("date", self.valid_from.data)
        return WeeklyHours(int(str(self.weekday.data)), stretch, first, self.valid_until.data)


class EndForm(BaseForm):
    """The last day of a row of hours."""

    last_on = DateField("Last day", [InputRequired("Enter the last day on which these hours hold.")])


class DateForm(BaseForm):
    """Hours of one date: up to four stretches, each from, to and where. All of them empty is a day without hours."""

    starts_0 = TimeOfDayField("From", [Optional()])
    ends_0 = TimeOfDayField("To", [Optional()], ends=True)
    place_0 = SelectField("Where", default=ONLINE)
    starts_1 = TimeOfDayField("From", [Optional()])
    ends_1 = TimeOfDayField("To", [Optional()], ends=True)
    place_1 = SelectField("Where", default=ONLINE)
    starts_2 = TimeOfDayField("From", [Optional()])
    ends_2 = TimeOfDayField("To", [Optional()], ends=True)
    place_2 = SelectField("Where", default=ONLINE)
    starts_3 = TimeOfDayField("From", [Optional()])
    ends_3 = TimeOfDayField("To", [Optional()], ends=True)
    place_3 = SelectField("Where", default=ONLINE)

    def offer(self, places: Mapping[str, str]) -> None:
        """Let every stretch choose among ``places``."""
        for at in range(STRETCHES):
            field: Any = self[f"place_{at}"]
            field.choices = places

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields, a row for each stretch."""
        return [(self[f"starts_{at}"], self[f"ends_{at}"], self[f"place_{at}"]) for at in range(STRETCHES)]

    def to_stretches(self) -> list[Stretch]:
        """Return the stretches that were filled in. Raises ValidationFailed for one with an end missing."""
        found = []
        for at, (starts, ends, place) in enumerate(self.rows):
            if (starts.data is None) != (ends.data is None):
                name, sentence = (
                    (f"starts_{at}", "Choose when these hours start.")
                    if starts.data is None
                    else (f"ends_{at}", "Choose when these hours end.")
                )
                raise ValidationFailed(sentence, errors={name: sentence})
            if starts.data is not None and starts.data < ends.data:
                found.append(Stretch(starts.data, ends.data, *read_place(str(place.data))))
            elif starts.data is not None:
                sentence = "The end must be after the start."
                raise ValidationFailed(sentence, errors={f"ends_{at}": sentence})
        return found


class SpanForm(BaseForm):
    """A stretch of time: whole days, or from a time to a time."""

    starts_on = DateField("First day", [InputRequired("Enter the first day.")])
    starts = TimeOfDayField("From", [Optional()], description="Leave it empty for the start of the day.")
    which_start = SelectField("Which of the two?", [Optional()], choices=WHICH, default="")
    ends_on = DateField("Last day", [Optional()], description="Leave it empty for a single day.")
    ends = TimeOfDayField("To", [Optional()], ends=True, description="Leave it empty for the end of the day.")
    which_end = SelectField("Which of the two?", [Optional()], choices=WHICH, default="")

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """Return when it starts and ends on the clocks of ``zone``.

        Raises ValidationFailed for a time that the clocks skip, or that comes twice without saying which is meant.
        """
        first = cast("date", self.starts_on.data)
        last = self.ends_on.data or first
        return self._instant(zone, first, "start"), self._instant(zone, last, "end")

    def _instant(self, zone: str, on: date, side: str) -> datetime:
        typed, which = self[f"{side}s"].data, self[f"which_{side}"].data
        if typed is None:
            return instant(minute_of(zone, on, 0 if side == "start" else DAY_MINUTES))
        found = instants_of(zone, on, typed)
        if not found:
            sentence = "The clocks go forward that day, so this time does not exist. Choose another."
            raise ValidationFailed(sentence, errors={f"{side}s": sentence})
        if len(found) == 2 and which not in ("0", "1"):
            sentence = f"The clocks go back that day, so {format_minute(typed)} comes twice. Choose which one is meant."
            raise ValidationFailed(sentence, errors={f"which_{side}": sentence})
        return found[int(which)] if len(found) == 2 else found[0]

    @property
    def asks_which(self) -> dict[str, bool]:
        """Whether each end has a time that comes twice, so that the question is put."""
        return {side: bool(self[f"which_{side}"].errors or self[f"which_{side}"].data) for side in ("start", "end")}


class TimeOffForm(SpanForm):
    """Time away."""

    note = StringField("Note", [Optional(), Length(max=200)], description="Only staff see it.")
