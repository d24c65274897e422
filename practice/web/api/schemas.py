"""The bodies that the API takes and gives. What is not named here is refused, and never given."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from practice.domain.regions import REGIONS

INSTANT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,79}$"
ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
LINE_PATTERN = r"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]{1,120}$"
PHONE_PATTERN = r"^\+?[0-9 ().-]{5,31}$"
REGION_PATTERN = "^(" + "|".join(REGIONS) + ")$"
KEY_PATTERN = r"^[\u0021-\u007E]{1,200}$"
FIRST_YEAR, LAST_YEAR = 1971, 9000


def _instant(value: Any) -> datetime:
    """Read an instant with its offset; a number, a naive time or a time that does not exist is none."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise PydanticCustomError("instant", "An instant has a date, a time and an offset: 2026-11-24T17:00:00-05:00.")
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("instant", "There is no such date.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PydanticCustomError("instant", "That year is out of reach.")
    return found


def _said(value: str) -> str:
    text = value.strip()
    if not text:
        raise PydanticCustomError("blank", "This cannot be blank.")
    return text


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40})
]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN, examples=["individual"])]
PublicId = Annotated[str, Field(pattern=ID_PATTERN)]
Line = Annotated[str, Field(pattern=LINE_PATTERN), AfterValidator(_said)]
Email = Annotated[str, Field(min_length=3, max_length=254, json_schema_extra={"format": "email"})]
Phone = Annotated[str, Field(pattern=PHONE_PATTERN, examples=["+1 212 555 0100"])]
Modality = Literal["in_person", "online"]
Region = Annotated[str, Field(pattern=REGION_PATTERN, examples=["NY"])]
Minutes = Annotated[int, Field(ge=5, le=720, examples=[80])]


class Taken(BaseModel):
    """A body that is sent to us: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Given(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(frozen=True)


class KnownClient(Taken):
    """A client of the practice, by id."""

    id: PublicId
    region: Region | None = Field(
        default=None, description="The US state in which they will be; without it, the one that they said last."
    )


class NewClient(Taken):
    """Somebody new, who becomes a client with this booking."""

    name: Line
    email: Email | None = None
    phone: Phone | None = None
    region: Region | None = Field(
        default=None, description="The US state in which they will be, where the practice checks licences online."
    )


class AppointmentWish(Taken):
    """The session to book."""

    service: Slug
    therapist: Slug
    starts_at: Instant
    modality: Modality
    client: KnownClient | NewClient
    duration_minutes: Minutes | None = Field(
        default=None, description="Another length that the service is offered in; without it, the service's own."
    )


class AppointmentChange(Taken):
    """Where to move a session to: what is left out stays as it is."""

    starts_at: Instant | None = None
    therapist: Slug | None = None
    modality: Modality | None = None


class FeedWish(Taken):
    """The calendar to make. `owner` is a therapist's slug or a client's id; a practice's calendar has none."""

    kind: Literal["therapist", "client", "practice"]
    owner: Annotated[str, Field(pattern=ID_PATTERN)] | None = None
    level: Literal["busy", "appointment", "code", "initials", "full"] = "busy"
    name: Line = "Appointments"


class ServiceItem(Given):
    """A kind of session. Lengths are in minutes, money in the currency's smallest unit."""

    slug: str
    name: str
    kind: Literal["consultation", "individual", "couple", "group"]
    about: str
    duration_minutes: int
    durations: list[int] = Field(description="Every length that it can be booked in, its own among them, in minutes.")
    step_minutes: int
    capacity: int
    price_cents: int
    currency: str
    modalities: list[Modality]
    is_public: bool = Field(description="Whether somebody who is not a client yet may book it.")
    therapists: list[str] = Field(description="The slugs of those who offer it.")


class TherapistItem(Given):
    """Somebody who leads sessions."""

    slug: str
    name: str
    credentials: str
    pronouns: str
    about: str
    languages: list[str]
    time_zone: str
    takes_new_clients: bool
    services: list[str] = Field(description="The slugs of what they offer.")


class SlotItem(Given):
    """A start that can be booked now."""

    starts_at: datetime
    ends_at: datetime
    therapist: str
    service: str
    modalities: list[Modality]


class ServiceList(Given):
    """All services that can be seen."""

    services: list[ServiceItem]


class TherapistList(Given):
    """All therapists that can be seen."""

    therapists: list[TherapistItem]


class SlotList(Given):
    """Slots by start and therapist; `next_from` is the first later date that has any."""

    time_zone: str
    slots: list[SlotItem]
    next_from: date | None


class ClientReference(Given):
    """A client, by id."""

    id: str


class AppointmentItem(Given):
    """A session."""

    id: str
    status: Literal["held", "requested", "booked", "cancelled"]
    starts_at: datetime
    ends_at: datetime
    therapist: str
    service: str
    modality: Modality
    client: ClientReference


class FeedLink(Given):
    """A calendar's secret link, shown this once."""

    url: str


class Problem(Given):
    """A problem document (RFC 9457). `code` is stable; `errors` names fields; `slots` are other times."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: dict[str, str] | None = None
    reason: str | None = None
    slots: list[SlotItem] | None = None
