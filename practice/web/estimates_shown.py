"""A good-faith estimate on paper: the same for the desk, who prints it, and for the client, on their session's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from practice.domain.estimates import DISPUTED_FROM_CENTS
from practice.web.facts import Fact
from practice.web.presenting import (
    format_date,
    format_moment,
    format_money,
    format_phone,
    format_zone,
    habit_of,
    humanize_minutes,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One session that is expected."""

    when: str
    service: str
    length: str
    where: str
    price: str


@dataclass(frozen=True, slots=True)
class Paper:
    """An estimate as it was written; whoever is billed ``dispute_from`` more than that may dispute it."""

    made_on: str
    client: tuple[Fact, ...]
    provider: tuple[Fact, ...]
    rows: tuple[Row, ...]
    number: str
    total: str
    dispute_from: str


def paper_of(content: Mapping[str, Any], name: str, born_on: date | None, locale: str) -> Paper:
    """Return an estimate as it is printed; name and birth date are read when it is shown, and stand in no snapshot."""
    practice, therapist, currency = content["practice"], content["therapist"], content["currency"]
    rows = tuple(_row(item, currency, locale) for item in content["items"])
    number = "1 session" if len(rows) == 1 else f"{len(rows)} sessions"
    return Paper(
        made_on=format_date(date.fromisoformat(content["made_on"])),
        client=_known(("Name", name), ("Date of birth", format_date(born_on) if born_on else "Not known here")),
        provider=_known(
            ("Therapist", ", ".join(part for part in (therapist["name"], therapist["credentials"]) if part)),
            ("Licences", "\n".join(therapist["licences"])),
            ("Therapist's NPI", therapist["npi"]),
            ("Practice", practice["name"]),
            ("Practice's NPI", practice["npi"]),
            ("Tax number (EIN)", practice["tax_id"]),
            ("Phone", format_phone(practice["phone"], practice["country"]) if practice["phone"] else ""),
            ("E-mail", practice["email"]),
        ),
        rows=rows,
        number=number,
        total=format_money(content["total_cents"], currency),
        dispute_from=format_money(DISPUTED_FROM_CENTS, currency),
    )


def _row(item: Mapping[str, Any], currency: str, locale: str) -> Row:
    starts_at = datetime.fromisoformat(item["starts_at"])
    when = format_moment(starts_at, item["zone"], habit_of(locale))
    return Row(
        when=f"{when} ({format_zone(item['zone'])})",
        service=item["service"],
        length=humanize_minutes(item["minutes"]),
        where=item["place"],
        price=format_money(item["price_cents"], currency),
    )


def _known(*rows: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(label, value) for label, value in rows if value)
