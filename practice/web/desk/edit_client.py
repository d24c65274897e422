"""Changing what a client is called and how they are reached."""

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.models import Client
from practice.services.clients import CHANGEABLE, change_client
from practice.web.access import requires
from practice.web.birth_dates import known_birth_date
from practice.web.desk.blueprint import bp
from practice.web.desk.named import the_client
from practice.web.desk.person_forms import PersonForm
from practice.web.saving import save


@bp.get("/clients/<public_id>/edit")
@requires(Permission.CLIENTS_WRITE)
def client_edit(public_id: str) -> ResponseReturnValue:
    """Show what is known, to be changed."""
    found = the_client(public_id)
    known = {name: getattr(found, name) for name in CHANGEABLE}
    born_on = known_birth_date(found)
    return _page(found, PersonForm(data={**known, "birth_date": born_on}))


@bp.post("/clients/<public_id>/edit")
@requires(Permission.CLIENTS_WRITE)
def client_change(public_id: str) -> ResponseReturnValue:
    """Keep what was changed."""
    found = the_client(public_id)
    form = PersonForm(request.form)
    vault = current_app.extensions["vault"]
    return save(
        form,
        lambda session: change_client(session, public_id, form.to_client(), vault=vault, by=g.identity, now=g.now),
        page=lambda: _page(found, form),
        said="The changes are saved.",
        to=url_for("desk.client", public_id=public_id),
    )


def _page(found: Client, form: PersonForm) -> str:
    here = url_for("desk.client", public_id=found.public_id)
    return render_template("desk/edit_client.html", name=found.display_name, here=here, form=form)
