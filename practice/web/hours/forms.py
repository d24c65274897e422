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
from practice.services.hours import Stretch
from practice.services.weekly_hours import WeeklyHours
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import DAY_MINUTES, CheckboxesField, DateField, TimeOfDayField
from practice.web.hours.owner import ONLINE, read_place
from practice.web.presenting import WEEKDAYS, format_minute

STRETCHES = 6
WHICH = {"": "The clock shows this time once", "0": "The first time it comes", "1": "The second time it comes"}


class StretchesForm(BaseForm):
    """Hours of a day: up to six stretches, each from, to and where. All of them empty is a day without hours."""

    def offer(self, places: Mapping[str, str]) -> None:
        """Let every stretch choose among ``places``; those that nobody filled in begin like the first."""
        usual = next((place.data for starts, _, place in self._all_rows if starts.data is not None), next(iter(places)))
        for starts, _, place in self._all_rows:
            place.choices = places
            if starts.data is None and not place.raw_data:
                place.data = usual

    @property
    def _all_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"starts_{at}"], self[f"ends_{at}"], self[f"place_{at}"]) for at in range(STRETCHES)]

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields, a row for each stretch: those that are filled in, and two more."""
        filled = [at for at, row in enumerate(self._all_rows) if any(field.data is not None for field in row[:2])]
        wrong = [at for at, row in enumerate(self._all_rows) if any(field.errors for field in row)]
        return self._all_rows[: max([2, *(at + 3 for at in filled), *(at + 1 for at in wrong)])]

    @property
    def is_long(self) -> bool:
        """Whether no more stretches fit on it."""
        return len(self.rows) == STRETCHES

    def to_stretches(self) -> tuple[Stretch, ...]:
        """Return the stretches that were filled in. Raises ValidationFailed for those that have no start or end."""
        found, errors = [], {}
        for at, (starts, ends, place) in enumerate(self._all_rows):
            if starts.data is not None and ends.data is not None:
                found.append(Stretch(starts.data, ends.data, *read_place(str(place.data)), line=at))
                if ends.data <= starts.data:
                    errors[f"ends_{at}"] = "The end must be after the start."
            elif starts.data is not None:
                errors[f"ends_{at}"] = "Choose when these hours end."
            elif ends.data is not None:
                errors[f"starts_{at}"] = "Choose when these hours start."
        if errors:
            raise ValidationFailed(errors=errors)
        return tuple(found)


for _at in range(STRETCHES):
    setattr(StretchesForm, f"starts_{_at}", TimeOfDayField("From", [Optional()]))
    setattr(StretchesForm, f"ends_{_at}", TimeOfDayField("To", [Optional()], ends=True))
    setattr(StretchesForm, f"place_{_at}", SelectField("Where", default=ONLINE))


class WeeklyForm(StretchesForm):
    """Hours of one weekday, or of several that are alike."""

    days = CheckboxesField(
        "On which days?",
        [InputRequired("Choose at least one day.")],
        choices={str(day): name for day, name in enumerate(WEEKDAYS)},
    )
    valid_from = DateField("First day", [InputRequired("Enter the first day on which this holds.")])
    valid_until = DateField(
        "Last day", [Optional()], description="Leave it empty if it goes on. After it, today's hours hold again."
    )

    def to_hours(self) -> WeeklyHours:
        """Return what was sent. Raises ValidationFailed for a stretch with an end missing."""
        days = tuple(sorted(int(day) for day in self.days.data or ()))
        return WeeklyHours(days, self.to_stretches(), cast("date", self.valid_from.data), self.valid_until.data)


class DateForm(StretchesForm):
    """Hours of one date."""


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
    """Time away, as it is asked for."""

    @property
    def is_partial(self) -> bool:
        """Whether it is about part of a day, or something there needs another look."""
        asked = (self.starts, self.ends, self.which_start, self.which_end)
        return any(field.data or field.errors for field in asked) or self.starts.data == 0


class NotedTimeOffForm(TimeOffForm):
    """Time away, as it is saved."""

    note = StringField("Note", [Optional(), Length(max=200)], description="Only staff see it.")
