"""A new client, within the booking: client and session are made together, or neither is."""

from flask import current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.parties import Party, parties
from practice.services.booking import book_appointment
from practice.services.clients import create_client
from practice.web.access import requires
from practice.web.calendar_days import today_here
from practice.web.desk.blueprint import bp
from practice.web.desk.checking import check_page, take
from practice.web.desk.forms import NewClientForm, NewPersonForm
from practice.web.desk.path import Chosen, Path, chosen_of, path_of, wish_of
from practice.web.frame import the_facts


@bp.get("/book/<slug>/new-client")
@requires(Permission.CLIENTS_WRITE)
def book_new_client(slug: str) -> ResponseReturnValue:
    """Ask who is new."""
    path = _path(slug)
    form = _kind(path)(data={"at": path.at, "zone": the_facts().zone})
    chosen = chosen_of(path.rules, path.service, path.at)
    return _page(path, chosen, form), 200 if chosen.slot else 409


@bp.post("/book/<slug>/new-client")
@requires(Permission.CLIENTS_WRITE)
def book_new_client_now(slug: str) -> ResponseReturnValue:
    """Make the client, and book where with them everybody is known; else ask who comes too."""
    path = _path(slug)
    form = _kind(path)(request.form)
    if not isinstance(form, NewClientForm):
        return _first_of_two(path, form)

    def act(session: Session, chosen: Chosen, way: str) -> str:
        known = parties(session, [client.id for client in path.clients], today_here())
        who = [*known, _create(session, form)]
        wish = wish_of(path.rules, path.service, chosen, way)
        return book_appointment(session, path.rules, wish, who, by=g.identity, now=g.now).public_id

    said = "Booked, for a new client."
    return take(form, path.rules, path.service, act, page=lambda chosen: _page(path, chosen, form), said=said)


def _first_of_two(path: Path, form: NewPersonForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(path, chosen_of(path.rules, path.service, path.at), form), 422
    made = in_unit_of_work(lambda session: _create(session, form))
    flash("The new client is added.")
    return redirect(path.url("book_who", client=made.public_id), 303)


def _create(session: Session, form: NewPersonForm) -> Party:
    vault = current_app.extensions["vault"]
    return create_client(session, form.to_client(), vault=vault, by=g.identity, now=g.now)


def _path(slug: str) -> Path:
    path = path_of(slug, request.args)
    if path.is_complete:
        raise NotFound
    return path


def _kind(path: Path) -> type[NewPersonForm]:
    """Return the form to ask with: how to meet is only asked once everybody is known."""
    return NewClientForm if path.needed - len(path.clients) == 1 else NewPersonForm


def _page(path: Path, chosen: Chosen, form: NewPersonForm) -> str:
    page = check_page(path.rules, path.service, chosen, form, path.url("book_times", at=""))
    return render_template("desk/book/new_client.html", page=page, path=path, form=form)
