"""The other one of two, whose agreement is waited for: a link to hand on, or what they said in person."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Client
from practice.queries.clients import client_by_public_id
from practice.queries.partners import coming_place_of
from practice.services.partners import Contact, keep_contact, partner_link_of
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.named import the_client
from practice.web.desk.person_forms import SaidForm
from practice.web.partner_links import HandOn, hand_on, show_next
from practice.web.saving import save


@bp.post("/clients/<public_id>/partner-link")
@requires(Permission.CLIENTS_WRITE)
def partner_link(public_id: str) -> ResponseReturnValue:
    """Make a link to hand on; the one before ends."""
    client_id = _waiting(public_id).id
    token = in_unit_of_work(lambda session: partner_link_of(session, client_id, by=g.identity, now=g.now))
    show_next(public_id, token)
    return redirect(url_for(".client", public_id=public_id), 303)


@bp.get("/clients/<public_id>/said")
@requires(Permission.CLIENTS_WRITE)
def partner_said(public_id: str) -> ResponseReturnValue:
    """Ask what they said about how they may be reached."""
    return _page(_waiting(public_id), SaidForm())


@bp.post("/clients/<public_id>/said")
@requires(Permission.CLIENTS_WRITE)
def partner_said_save(public_id: str) -> ResponseReturnValue:
    """Note it."""
    client, form = _waiting(public_id), SaidForm(request.form)

    def act(session: Session) -> None:
        found = client_by_public_id(session, public_id)
        if found is None:
            raise NotFound
        contact = Contact(str(form.safe_contact.data), form.email.data or None, form.phone.data or None)
        keep_contact(session, found, contact, by=g.identity, now=g.now)

    return save(
        form,
        act,
        page=lambda: _page(client, form),
        said="Noted. From now on they are reached as they said.",
        to=url_for(".client", public_id=public_id),
    )


def waiting_card(client: Client) -> HandOn | None:
    """Return what the page of a client says while their agreement is waited for, and a session is to come."""
    place = coming_place_of(db.session(), client.id, g.now) if client.awaits_agreement else None
    if place is None:
        return None
    return hand_on(client.display_name, client.public_id, url_for("desk.partner_link", public_id=client.public_id))


def _waiting(public_id: str) -> Client:
    client = the_client(public_id)
    if not client.awaits_agreement:
        raise NotFound
    return client


def _page(client: Client, form: SaidForm) -> str:
    here = url_for("desk.client", public_id=client.public_id)
    return render_template("desk/said.html", name=client.display_name, here=here, form=form)
