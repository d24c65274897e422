"""Finding a client, and what the desk sees of one."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.appointments import attendances_of
from practice.queries.clients import client_by_public_id, clients_like
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.clients_shown import PER_PAGE, client_page, clients_page
from practice.web.paging import read_page
from practice.web.reading import note_read


@bp.get("/clients")
@requires(Permission.CLIENTS_READ)
def clients() -> ResponseReturnValue:
    """Find clients by name, e-mail or phone."""
    words, number = read_words(), read_page(request.args)
    found = clients_like(db.session(), words, page=number, per_page=PER_PAGE)
    if found:
        note_read("clients.listed", ("", ""), clients=[client.public_id for client in found[:PER_PAGE]])
    return render_template("desk/clients.html", page=clients_page(found, words, number))


@bp.get("/clients/<public_id>")
@requires(Permission.CLIENTS_READ)
def client(public_id: str) -> ResponseReturnValue:
    """Show one client with the sessions that come and those that were."""
    found = client_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    note_read("client.read", ("client", public_id))
    number = read_page(request.args)
    coming = attendances_of(db.session(), [found.id], now=g.now)
    past = attendances_of(db.session(), [found.id], now=g.now, is_past=True, page=number, per_page=PER_PAGE)
    return render_template("desk/client.html", page=client_page(found, coming, past, number))


def read_words() -> str:
    """Return what is searched for: at most 100 ordinary characters of it."""
    return " ".join(word for word in request.args.get("q", "").split())[:100]
