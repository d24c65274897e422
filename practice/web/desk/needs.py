"""What a client needs to come, and where they are online: only what fits is offered from then on."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.permissions import Permission
from practice.models import Client
from practice.services.needs import change_needs, needs_of
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.named import the_client
from practice.web.frame import the_facts
from practice.web.needs_form import FEATURE_HINTS, NeedsForm, form_data


@bp.get("/clients/<public_id>/needs")
@requires(Permission.CLIENTS_WRITE)
def client_needs(public_id: str) -> ResponseReturnValue:
    """Show what is known, to be changed."""
    found = the_client(public_id)
    known = form_data(needs_of(found, current_app.extensions["vault"]), found.region)
    return _page(found, NeedsForm(data=known, asks_region=the_facts().checks_licences))


@bp.post("/clients/<public_id>/needs")
@requires(Permission.CLIENTS_WRITE)
def client_needs_save(public_id: str) -> ResponseReturnValue:
    """Keep what was said."""
    found = the_client(public_id)
    form = NeedsForm(request.form, asks_region=the_facts().checks_licences)
    if not form.validate():
        return _page(found, form), 422
    client_id, vault = found.id, current_app.extensions["vault"]
    needs, region = form.to_needs(), form.to_region()
    in_unit_of_work(
        lambda session: change_needs(session, client_id, needs, region, vault=vault, by=g.identity, now=g.now)
    )
    flash("Saved. From now on only times that fit are offered.")
    return redirect(url_for("desk.client", public_id=public_id), 303)


def _page(found: Client, form: NeedsForm) -> str:
    here = url_for("desk.client", public_id=found.public_id)
    return render_template("desk/client_needs.html", name=found.display_name, here=here, form=form, hints=FEATURE_HINTS)
