"""Agreements to care that were given on paper, or taken back by word: the desk notes them."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from practice.db import db, in_unit_of_work
from practice.domain.consenting import GivenAs
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import AccessKind, Client
from practice.queries.access import access_to
from practice.queries.agreements import consent_by_public_id
from practice.queries.consenting import CareStanding
from practice.services.agreements import give_consent, withdraw_consent
from practice.web.access import requires
from practice.web.calendar_days import today_here
from practice.web.consent_words import standing_words, standings_of
from practice.web.desk.blueprint import bp
from practice.web.desk.named import the_client
from practice.web.forms.base import BaseForm
from practice.web.saving import save

OWN = "self"


class PaperForm(BaseForm):
    """Who signed the version that is shown."""

    agreement = HiddenField("Agreement", [InputRequired()])
    who = RadioField("Who agreed?", [InputRequired("Choose who agreed.")])
    signed = BooleanField("They read this text, and signed it", [InputRequired("Tick the box once it is signed.")])


@bp.get("/clients/<public_id>/agreement")
@requires(Permission.CLIENTS_WRITE)
def consent_note(public_id: str) -> ResponseReturnValue:
    """Show the text, and ask who signed it."""
    client, found = _due(public_id)
    form = PaperForm(data={"agreement": found.agreement.public_id})
    form.who.choices = _people(client, found)
    return _page(client, found, form)


@bp.post("/clients/<public_id>/agreement")
@requires(Permission.CLIENTS_WRITE)
def consent_noted(public_id: str) -> ResponseReturnValue:
    """Note it, with the version and its digest."""
    client, found = _due(public_id)
    form = PaperForm(request.form)
    form.who.choices = _people(client, found)
    given_as, chosen = found.standing.by, str(form.who.data)
    account_id = None if given_as == GivenAs.SELF else _account_id(client, chosen)
    return save(
        form,
        lambda session: give_consent(
            session,
            str(form.agreement.data),
            found.client_id,
            given_as=given_as,
            account_id=account_id,
            by=g.identity,
            now=g.now,
            anew=given_as == GivenAs.SELF and found.is_stale_from(None),
        ),
        page=lambda: _page(client, found, form),
        said="The agreement is noted.",
        to=url_for("desk.client", public_id=public_id, _anchor="agreement"),
    )


@bp.post("/consents/<public_id>/end")
@requires(Permission.CLIENTS_WRITE)
def consent_end(public_id: str) -> ResponseReturnValue:
    """Note that somebody took their agreement back."""
    found = consent_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    client = found[1].public_id
    in_unit_of_work(lambda session: withdraw_consent(session, public_id, by=g.identity, now=g.now))
    flash("Noted: it was taken back.")
    return redirect(url_for("desk.client", public_id=client, _anchor="agreement"), 303)


def _due(public_id: str) -> tuple[Client, CareStanding]:
    client = the_client(public_id)
    found = standings_of([client.id]).get(client.id)
    if found is None or not found.standing.is_due:
        raise NotFound
    return client, found


def _people(client: Client, found: CareStanding) -> dict[str, str]:
    """Return who may sign: the client, or the guardians who may consent and have not."""
    if found.standing.by == GivenAs.SELF:
        return {OWN: client.display_name}
    return {
        row.public_id: row.name
        for row in access_to(db.session(), client.id)
        if row.kind == AccessKind.GUARDIAN
        and row.can_consent
        and row.valid_from <= today_here()
        and row.is_open(today_here())
        and found.given_by(row.account_id) is None
    }


def _account_id(client: Client, who: str) -> int | None:
    """Return the account of the guardian who was chosen, None for the client on paper."""
    return next((row.account_id for row in access_to(db.session(), client.id) if row.public_id == who), None)


def _page(client: Client, found: CareStanding, form: PaperForm) -> str:
    return render_template(
        "desk/consent.html",
        name=client.display_name,
        here=url_for("desk.client", public_id=client.public_id),
        people_href=url_for("desk.people", public_id=client.public_id),
        status=standing_words(found.standing),
        text=[part for part in found.agreement.text.split("\n\n") if part.strip()],
        version=f"Version {found.agreement.number}",
        form=form,
    )
