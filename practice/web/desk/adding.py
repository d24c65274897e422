"""Adding a client: once, however often the button is pressed, and not beside the same person unless that is meant."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g, request
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.db import db
from practice.domain.typed_dates import typed_dates
from practice.models import Client
from practice.models.base import new_public_id
from practice.queries.likely import Reason, likely_clients
from practice.queries.parties import Party
from practice.services.clients import create_client
from practice.services.idempotency import Answered, Repeatable, first_answer, keep_answer, known_answer, repeatable
from practice.web.calendar_days import today_here
from practice.web.desk.finding import MONTH_FIRST, typed_words
from practice.web.desk.person_forms import AddClientForm
from practice.web.frame import the_facts
from practice.web.presenting import join_words
from practice.web.reading import note_read

SAME: dict[Reason, str] = {
    "email": "the same e-mail address",
    "phone": "the same phone number",
    "birth_date": "the same date of birth",
    "name": "the same name",
    "similar": "a similar name",
}
PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class LikelyRow:
    """A client who may be meant, and why."""

    name: str
    also: str
    why: str
    href: str


def first_known() -> dict[str, object]:
    """Return what a new form begins with: what was typed in the search that found nobody, where it belongs."""
    facts, words = the_facts(), typed_words()
    known: dict[str, object] = {"zone": facts.zone, "once": new_public_id()}
    dates = typed_dates(words, today_here(), month_first=facts.locale.endswith(MONTH_FIRST))
    if dates:
        known["birth_date"] = dates[0]
    elif "@" in words:
        known["email"] = words
    elif sum(character.isdecimal() for character in words) >= PHONE_DIGITS:
        known["phone"] = words
    elif words:
        known["name"] = words.title() if words == words.lower() else words
    return known


def likely_rows(form: AddClientForm, href_of: Callable[[Client], str]) -> tuple[LikelyRow, ...]:
    """Return whom a valid form may mean who is there already; nobody where the desk has said that they are new, or
    where the same press of the button has made them.
    """
    if request.form.get("anyway") or made_before(form):
        return ()
    new, vault = form.to_client(), _vault()
    marks = vault.birth_date_marks(new.birth_date) if new.birth_date else []
    found = likely_clients(db.session(), (new.name, new.chosen_name), new.email, new.phone, marks)
    if found:
        note_read("clients.listed", ("", ""), clients=[each.client.public_id for each in found])
    return tuple(
        LikelyRow(
            each.client.display_name,
            each.client.name if each.client.display_name != each.client.name else "",
            join_words([SAME[reason] for reason in each.reasons]).capitalize(),
            href_of(each.client),
        )
        for each in found
    )


def add_client(session: Session, form: AddClientForm) -> Party:
    """Make the client that the form describes."""
    return create_client(session, form.to_client(), vault=_vault(), by=g.identity, now=g.now)


def once(session: Session, form: AddClientForm, make: Callable[[], str]) -> str:
    """Return what ``make`` returns; a second press of the same button gets what the first one made."""
    if not form.key():
        return make()
    asked = _asked(form)
    before = first_answer(session, asked, now=g.now)
    if before is not None:
        return str(before.answer["made"])
    made = make()
    keep_answer(session, asked, Answered(303, {"made": made}))
    return made


def made_before(form: AddClientForm) -> str:
    """Return what the same press of the button has made already, "" where it is the first."""
    answered = known_answer(db.session(), _asked(form)) if form.key() else None
    return str(answered.answer["made"]) if answered else ""


def _asked(form: AddClientForm) -> Repeatable:
    return repeatable(form.key(), "desk.new_client", "", by=g.identity)


def _vault() -> Vault:
    vault: Vault = current_app.extensions["vault"]
    return vault
