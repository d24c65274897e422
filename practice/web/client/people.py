"""For whom somebody acts as a guardian, and what they may do for each."""

from dataclasses import dataclass

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Client
from practice.queries.clients import clients_by_id
from practice.queries.consenting import CareStanding
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.consent_words import standing_words, standings_of
from practice.web.reading import note_read


@dataclass(frozen=True, slots=True)
class ActedForView:
    """Somebody whom the reader acts for: what they may do, and how the agreement to care stands."""

    name: str
    may: tuple[str, ...]
    agreement: str
    agreement_href: str


@bp.get("/people")
@requires(Permission.OWN_APPOINTMENTS)
def people() -> ResponseReturnValue:
    """Show whom somebody acts for. Who else does is not said."""
    if not g.identity.guards:
        raise NotFound
    clients = clients_by_id(db.session(), sorted(g.identity.guards))
    found = standings_of(g.identity.guards)
    for client in clients:
        note_read("client.read", ("client", client.public_id))
    views = [_view(client, found.get(client.id)) for client in clients]
    return render_template("client/people.html", people=sorted(views, key=lambda view: view.name))


def _view(client: Client, care: CareStanding | None) -> ActedForView:
    who = g.identity
    rights = (
        ("See when sessions are", client.id in who.client_ids),
        ("Book, move and cancel sessions", client.id in who.books_for & who.client_ids),
        ("Book sessions", client.id in who.books_for - who.client_ids),
        ("Consent to care", client.id in who.consents_for),
        ("Read what is answered in questionnaires", client.id in who.reads_for),
    )
    return ActedForView(
        name=client.display_name,
        may=tuple(words for words, is_given in rights if is_given),
        agreement=f"Agreement to care: {standing_words(care.standing)}." if care else "",
        agreement_href=url_for(".agreement", public_id=client.public_id) if client.id in who.consents_for else "",
    )
