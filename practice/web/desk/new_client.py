"""A new client: by themselves, or within the booking, where client and session are made together or neither is."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Client
from practice.queries.parties import parties
from practice.services.booking import book_appointment
from practice.web.access import requires
from practice.web.calendar_days import today_here
from practice.web.desk.adding import LikelyRow, add_client, first_known, likely_rows, once
from practice.web.desk.blueprint import bp
from practice.web.desk.checking import check_page, take
from practice.web.desk.path import Chosen, Path, all_ways, chosen_of, path_of, wish_of
from practice.web.desk.person_forms import AddClientForm, NewClientForm, NewPersonForm, SecondClientForm

SOMEBODY_LIKE_THIS = 409


@bp.get("/clients/new")
@requires(Permission.CLIENTS_WRITE)
def client_new() -> ResponseReturnValue:
    """Ask who is new."""
    return render_template("desk/new_client.html", form=AddClientForm(data=first_known()), likely=())


@bp.post("/clients/new")
@requires(Permission.CLIENTS_WRITE)
def client_add() -> ResponseReturnValue:
    """Make the client, unless somebody like them is there already."""
    form = AddClientForm(request.form)
    if not form.validate():
        return render_template("desk/new_client.html", form=form, likely=()), 422
    likely = likely_rows(form, lambda client: url_for("desk.client", public_id=client.public_id))
    if likely:
        return render_template("desk/new_client.html", form=form, likely=likely), SOMEBODY_LIKE_THIS
    made = in_unit_of_work(lambda session: once(session, form, lambda: add_client(session, form).public_id))
    flash("The new client is added.")
    return redirect(url_for("desk.client", public_id=made), 303)


@bp.get("/book/<slug>/new-client")
@requires(Permission.CLIENTS_WRITE)
def book_new_client(slug: str) -> ResponseReturnValue:
    """Ask who is new, within the booking."""
    path = _path(slug)
    form = _kind(path)(data={"at": path.at, **first_known()})
    chosen = chosen_of(path.rules, path.service, path.at, path.asking)
    return _page(path, chosen, form), 409 if form.form_errors else 200


@bp.post("/book/<slug>/new-client")
@requires(Permission.CLIENTS_WRITE)
def book_new_client_now(slug: str) -> ResponseReturnValue:
    """Make the client, and book where with them everybody is known; else ask who comes too."""
    path = _path(slug)
    form = _kind(path)(request.form)
    if isinstance(form, NewClientForm):
        form.way.choices = all_ways(path.rules)
    if not form.validate():
        return _page(path, chosen_of(path.rules, path.service, path.at, path.asking), form), 422
    likely = likely_rows(form, lambda client: _with(path, client))
    if likely:
        chosen = chosen_of(path.rules, path.service, str(form.at.data), path.asking)
        return _page(path, chosen, form, likely), SOMEBODY_LIKE_THIS
    return _book(path, form) if isinstance(form, NewClientForm) else _first_of_two(path, form)


def _book(path: Path, form: NewClientForm) -> ResponseReturnValue:
    def act(session: Session, chosen: Chosen) -> str:
        def book() -> str:
            known = parties(session, [client.id for client in path.clients], today_here())
            wish = wish_of(path, chosen, form)
            who = [*known, add_client(session, form)]
            return book_appointment(session, path.rules, wish, who, by=g.identity, now=g.now).public_id

        return once(session, form, book)

    said = "Booked, for a new client."
    return take(form, path.rules, path.service, act, page=lambda chosen: _page(path, chosen, form), said=said)


def _first_of_two(path: Path, form: NewPersonForm) -> ResponseReturnValue:
    made = in_unit_of_work(lambda session: once(session, form, lambda: add_client(session, form).public_id))
    flash("The new client is added.")
    return redirect(path.url("book_who", client=made), 303)


def _with(path: Path, client: Client) -> str:
    return path.url("book_who", client=".".join(filter(None, (path.who, client.public_id))))


def _path(slug: str) -> Path:
    path = path_of(slug, request.args)
    if path.is_complete:
        raise NotFound
    return path


def _kind(path: Path) -> type[NewPersonForm]:
    """Return the form to ask with: how to meet is only asked once everybody is known."""
    if path.needed - len(path.clients) > 1:
        return NewPersonForm
    return SecondClientForm if path.clients else NewClientForm


def _page(path: Path, chosen: Chosen, form: NewPersonForm, likely: tuple[LikelyRow, ...] = ()) -> str:
    page = check_page(path, chosen, form)
    return render_template("desk/book/new_client.html", page=page, path=path, form=form, likely=likely)
