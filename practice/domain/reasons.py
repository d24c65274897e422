"""Why a start is not offered: stable codes, and words for staff. Strangers get one sentence, whatever the reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from practice.domain.intervals import Span, instant

FOR_STRANGERS = "This time is not available. Please choose another one."


class Code(StrEnum):
    """Why a start is not offered. The values are stable: scripts and tests may name them."""

    OUTSIDE_HOURS = "outside_hours"
    NOT_ON_STEP = "not_on_step"
    OTHER_MODALITY = "other_modality"
    TIME_OFF = "time_off"
    CLOSURE = "closure"
    BOOKED = "booked"
    BUFFER = "buffer"
    HELD = "held"
    OUTSIDE_CALENDAR = "outside_calendar"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NO_ROOM = "no_room"
    NO_PLACES = "no_places"
    CLIENTS_ONLY = "clients_only"
    STAFF_ONLY = "staff_only"
    NO_NEW_CLIENTS = "no_new_clients"
    NOT_OFFERED_BY_THERAPIST = "not_offered_by_therapist"
    GROUP_DATES_ONLY = "group_dates_only"
    CLIENT_BUSY = "client_busy"
    DURATION_NOT_OFFERED = "duration_not_offered"
    NO_INTERPRETER = "no_interpreter"
    NOT_LICENSED = "not_licensed"
    CONSULTATION_FIRST = "consultation_first"
    TOO_MANY_THAT_WEEK = "too_many_that_week"
    TOO_MANY_IN_A_ROW = "too_many_in_a_row"
    TOO_MANY_THAT_DAY = "too_many_that_day"
    TOO_MANY_FIRST_SESSIONS = "too_many_first_sessions"


WORDS = {
    Code.OUTSIDE_HOURS: "Outside working hours",
    Code.NOT_ON_STEP: "Between two starts of the hours",
    Code.OTHER_MODALITY: "The hours are not for meeting in this way",
    Code.TIME_OFF: "Time off",
    Code.CLOSURE: "Closed",
    Code.BOOKED: "Another session is booked",
    Code.BUFFER: "Too close to the buffer of another session",
    Code.HELD: "Held for somebody who is booking it",
    Code.OUTSIDE_CALENDAR: "Busy in an outside calendar",
    Code.TOO_SOON: "Too soon: less than the notice that is asked for",
    Code.TOO_FAR: "Further ahead than times are offered",
    Code.NO_ROOM: "No room that fits is free",
    Code.NO_PLACES: "No place is free in this group",
    Code.CLIENTS_ONLY: "Offered to clients only",
    Code.STAFF_ONLY: "Booked by staff only",
    Code.NO_NEW_CLIENTS: "This therapist takes no new clients at the moment",
    Code.NOT_OFFERED_BY_THERAPIST: "This therapist does not offer this service",
    Code.GROUP_DATES_ONLY: "A group meets on its own dates only",
    Code.CLIENT_BUSY: "There is another session of the same people",
    Code.DURATION_NOT_OFFERED: "This service is not offered in that length",
    Code.NO_INTERPRETER: "This therapist does not work with an interpreter",
    Code.NOT_LICENSED: "Not licensed where the client will be",
    Code.CONSULTATION_FIRST: "A consultation comes first",
    Code.TOO_MANY_THAT_WEEK: "As many sessions as this service allows a client in one week",
    Code.TOO_MANY_IN_A_ROW: "Too many sessions in a row without a break",
    Code.TOO_MANY_THAT_DAY: "As many sessions as this therapist sees on one day",
    Code.TOO_MANY_FIRST_SESSIONS: "As many first sessions as this therapist takes in one week",
}


# What a client is told as it is: it is about themselves, or known to everybody.
FOR_CLIENTS = {
    Code.DURATION_NOT_OFFERED: "We do not offer this in that length. Please choose another length.",
    Code.NO_INTERPRETER: "This therapist does not work with an interpreter. Please choose another therapist.",
    Code.NOT_LICENSED: "This therapist is not licensed where you will be, so we cannot meet online there. Another "
    "therapist may be, or you can come to us in person.",
    Code.CONSULTATION_FIRST: "A consultation comes first: a short talk to see whether we are right for you. Please "
    "book one, and choose a time after it. If you have been here before, please sign in.",
    Code.TOO_MANY_THAT_WEEK: "That week holds as many of these sessions as we plan for one person. Please choose "
    "another week, or call us.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a start is not offered. ``span`` is what stands in its way, where that has a place in time.

    ``subject`` is an opaque id of what takes the time (an appointment's public id), for staff pages to link to.
    ``is_firm``: here not even staff can book against it.
    """

    code: Code
    span: Span | None = None
    subject: str = ""
    is_firm: bool = False

    def for_staff(self, zone: str) -> str:
        """Return the reason in words for staff, with times in ``zone``. It names no client."""
        words = WORDS[self.code]
        if self.span is None:
            return f"{words}."
        start, end = (instant(minute).astimezone(ZoneInfo(zone)) for minute in self.span)
        if start.date() == end.date():
            return f"{words}, {_clock(start)} to {_clock(end)}."
        return f"{words}, {_day(start)} {_clock(start)} to {_day(end)} {_clock(end)}."

    def for_strangers(self) -> str:
        """Return the one sentence that a stranger gets for every reason."""
        return FOR_STRANGERS


def _clock(at: datetime) -> str:
    return f"{(at.hour + 11) % 12 + 1}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def _day(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B},"
