"""Finding a client, and what the desk sees of one."""

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import AgreementKind, Client
from practice.queries.access import access_to
from practice.queries.agreements import consents_of
from practice.queries.appointments import attendances_of
from practice.services.needs import needs_of
from practice.web.access import requires
from practice.web.consent_words import standings_of
from practice.web.desk.agreement_shown import agreement_card
from practice.web.desk.blueprint import bp
from practice.web.desk.clients_shown import PER_PAGE, client_page
from practice.web.desk.finding import Search, answer_typed, sealed_words, search, typed_words
from practice.web.desk.found_shown import found_page
from practice.web.desk.named import the_client
from practice.web.desk.partners import waiting_card
from practice.web.found import FoundPage
from practice.web.paging import read_page


@bp.get("/clients")
@requires(Permission.CLIENTS_READ)
def clients() -> ResponseReturnValue:
    """Show whom a search found, or the latest clients."""
    return render_template("desk/clients.html", found=_found(search(typed_words(), shows_latest=True)))


@bp.post("/clients")
@requires(Permission.CLIENTS_READ)
def clients_typed() -> ResponseReturnValue:
    """Find clients by name, phone, e-mail or birth date."""
    return answer_typed("desk.clients", _found)


@bp.get("/clients/<public_id>")
@requires(Permission.CLIENTS_READ)
def client(public_id: str) -> ResponseReturnValue:
    """Show one client with the sessions that come and those that were."""
    found = the_client(public_id)
    number, ahead = read_page(request.args), read_page(request.args, "coming")
    coming = attendances_of(db.session(), [found.id], now=g.now, page=ahead, per_page=PER_PAGE)
    past = attendances_of(db.session(), [found.id], now=g.now, is_past=True, page=number, per_page=PER_PAGE)
    acting = access_to(db.session(), found.id)
    care = standings_of([found.id]).get(found.id)
    given = consents_of(db.session(), found.id, AgreementKind.CARE) if care else []
    agreement = agreement_card(found, care, given, acting)
    needs = needs_of(found, current_app.extensions["vault"])
    page = client_page(found, acting, coming, past, ahead, number, agreement=agreement, needs=needs)
    return render_template("desk/client.html", page=page, partner=waiting_card(found))


def _found(made: Search) -> FoundPage:
    def href(client: Client) -> str:
        return url_for("desk.client", public_id=client.public_id)

    new_href = url_for("desk.client_new", find=sealed_words(made.words) or None)
    return found_page(made, href, "desk.clients", new_href)
