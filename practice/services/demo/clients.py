"""The demo practice's clients, sealed as real ones are."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from practice.adapters.vault import Vault
from practice.domain.needs import QUIET, STEP_FREE, Needs
from practice.models import Client, SafeContact
from practice.services.demo.batch import Batch
from practice.services.demo.calendar import DEMO_CHILD, DEMO_CLIENT
from practice.services.demo.names import AREA_CODES, CHOSEN, FIRST, LAST, NOTES, ZONES
from practice.services.demo.plan import ZONE, Plan
from practice.services.demo.practice import slug_of

COLUMNS = (
    "id", "public_id", "resource_id", "name", "chosen_name", "pronouns", "email", "phone",
    "safe_contact", "zone", "birth_date_sealed", "birth_date_hmac", "note_sealed",
    "needs_sealed", "wrapped_key", "created_at",
)  # fmt: skip
PRONOUNS = ("she/her", "she/her", "he/him", "he/him", "they/them", "")
NEEDS = {
    3: Needs(frozenset({STEP_FREE}), extra_minutes=15),
    4: Needs(frozenset({QUIET})),
    5: Needs(interpreter=True),
}
CONTACTS = (SafeContact.EMAIL,) * 7 + (SafeContact.TEXT,) * 2 + (SafeContact.CALL, SafeContact.NONE)


@dataclass(frozen=True)
class Person:
    """Who a client is, before anything is sealed."""

    name: str
    born_on: date
    email: str | None
    phone: str | None
    chosen_name: str = ""
    pronouns: str = ""
    safe_contact: str = SafeContact.EMAIL
    zone: str = ZONE
    note: str = ""


def make_clients(plan: Plan, first_resource: int, vault: Vault, step: Callable[[int], Any]) -> Batch:
    """Return the rows of the clients. Keys and seals are new each time; all else is the same."""
    chance = plan.chance("clients")
    rows = []
    for number in range(plan.clients):
        rows.append(_row(plan, number, first_resource + number, _person(plan, number, chance), vault))
        if len(rows) % 500 == 0:
            step(500)
    step(len(rows) % 500)
    return Batch(Client.__table__, COLUMNS, rows)  # type: ignore[arg-type]


def _person(plan: Plan, number: int, chance: Random) -> Person:
    if number == DEMO_CLIENT:
        return Person("Robin Carter", _birthday(plan, 38), "client@demo.test", "+12125550142", pronouns="they/them")
    if number == plan.therapists * DEMO_CHILD:
        return Person("Leo Carter", _birthday(plan, 9), None, None, safe_contact=SafeContact.NONE, pronouns="he/him")
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    has_email = chance.random() < 0.92
    slug = slug_of(name).replace("-", ".")
    phone = f"+1{chance.choice(AREA_CODES)}55501{chance.randrange(100):02}"
    safe_contact = chance.choice(CONTACTS)
    return Person(
        name=name,
        born_on=plan.today - timedelta(days=chance.randrange(18 * 366, 80 * 365)),
        email=f"{slug}.{number + 1}@example.test" if has_email else None,
        phone=phone,
        chosen_name=chance.choice(CHOSEN) if chance.random() < 0.06 else "",
        pronouns=chance.choice(PRONOUNS),
        safe_contact=safe_contact if has_email else SafeContact.CALL,
        zone=ZONE if chance.random() < 0.9 else chance.choice(ZONES),
        note=chance.choice(NOTES) if chance.random() < 0.1 else "",
    )


def _birthday(plan: Plan, age: int) -> date:
    return plan.today - timedelta(days=age * 365 + 100)


def _row(plan: Plan, number: int, resource_id: int, person: Person, vault: Vault) -> tuple[Any, ...]:
    public_id = plan.public_id("client", number)
    key = vault.new_client_key(public_id)
    note = vault.seal(key, "client", public_id, "note", person.note) if person.note else None
    needed = NEEDS.get(number)
    needs = vault.seal(key, "client", public_id, "needs", json.dumps(needed.to_json())) if needed else None
    return (
        number + 1,
        public_id,
        resource_id,
        person.name,
        person.chosen_name,
        person.pronouns,
        person.email,
        person.phone,
        person.safe_contact,
        person.zone,
        vault.seal(key, "client", public_id, "birth_date", person.born_on.isoformat()),
        vault.birth_date_mark(person.born_on),
        note,
        needs,
        key,
        plan.now - timedelta(days=30 + number % 700),
    )
