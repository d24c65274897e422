"""The agreement to care: read, agreed to and taken back, by the client or for whom somebody looks after."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from practice.db import db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.permissions import Permission
from practice.queries.agreements import consent_by_public_id
from practice.queries.clients import client_by_public_id
from practice.queries.consenting import CareStanding
from practice.services.agreements import give_consent, withdraw_consent
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.consent_words import standing_words, standings_of
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of
from practice.web.reading import note_read

SHORT_DIGEST = 12


class AgreeForm(BaseForm):
    """That the text was read and is agreed to: ``agreement`` is the version that was shown."""

    agreement = HiddenField("Agreement", [InputRequired()])
    agrees = BooleanField("I agree", [InputRequired("Tick the box if you agree.")])


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The text, how it stands, and what whoever reads may do."""

    name: str
    is_own: bool
    text: tuple[str, ...]
    version: str
    status: str
    may_agree: bool
    by_whom: str
    given: str
    withdraw_href: str


@bp.get("/agreements/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def agreement(public_id: str) -> ResponseReturnValue:
    """Show the agreement to care of one client whom this account may consent for."""
    found = _standing(public_id)
    return _page(found, _form(found))


@bp.post("/agreements/<public_id>")
@requires(Permission.OWN_APPOINTMENTS)
def agree(public_id: str) -> ResponseReturnValue:
    """Agree to it, in the version that was shown."""
    found = _standing(public_id)
    form = _form(found)
    is_guardian = found.client_id in g.identity.guards
    if is_guardian != (found.standing.by == "guardian"):
        raise NotFound
    if not form.validate():
        return _page(found, form), 422
    version, account_id = str(form.agreement.data), g.identity.account_id
    try:
        in_unit_of_work(
            lambda session: give_consent(
                session, version, found.client_id, given_as=found.standing.by, account_id=account_id,
                by=g.identity, now=g.now, anew=found.is_stale_from(account_id),
            )
        )  # fmt: skip
    except ImpossibleStep as error:
        form.form_errors = [error.message]
        form.agreement.data, form.agrees.data = found.agreement.public_id, False
        return _page(found, form), error.status
    flash("Thank you. Your agreement is noted.", "good")
    return redirect(url_for(".agreement", public_id=public_id), 303)


@bp.post("/agreements/<public_id>/withdraw")
@requires(Permission.OWN_APPOINTMENTS)
def withdraw_agreement(public_id: str) -> ResponseReturnValue:
    """Take one's own consent back (the public id of the consent)."""
    found = consent_by_public_id(db.session(), public_id)
    if found is None or found[0].account_id != g.identity.account_id or found[1].id not in g.identity.consents_for:
        raise NotFound
    in_unit_of_work(lambda session: withdraw_consent(session, public_id, by=g.identity, now=g.now))
    flash("Your agreement is taken back. Your sessions stay as they are.", "good")
    return redirect(url_for(".agreement", public_id=found[1].public_id), 303)


def _standing(public_id: str) -> CareStanding:
    """Return how it stands for a client whom this account may consent for. Raises NotFound for any other."""
    client = client_by_public_id(db.session(), public_id)
    if client is None or client.id not in g.identity.consents_for:
        raise NotFound
    found = standings_of([client.id]).get(client.id)
    if found is None:
        raise NotFound
    note_read("agreement.read", ("client", public_id))
    return found


def _form(found: CareStanding) -> AgreeForm:
    form = AgreeForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.agreement.data = found.agreement.public_id
    if found.client_id in g.identity.guards:
        form.agrees.label.text = f"I have read this, and I agree to it for {found.name}"
    else:
        form.agrees.label.text = "I have read this, and I agree to it"
    return form


def _page(found: CareStanding, form: AgreeForm) -> str:
    facts, is_guardian = the_facts(), found.client_id in g.identity.guards
    may_agree = is_guardian == (found.standing.by == "guardian")
    mine = found.given_by(g.identity.account_id) if may_agree else None
    if found.is_stale_from(g.identity.account_id):
        mine = None
    given = format_moment(mine.given_at, facts.zone, habit_of(facts.locale)) if mine else ""
    page = AgreementPage(
        name=found.name,
        is_own=not is_guardian,
        text=tuple(part for part in found.agreement.text.split("\n\n") if part.strip()),
        version=f"Version {found.agreement.number}, {found.agreement.sha256[:SHORT_DIGEST]}",
        status=standing_words(found.standing),
        may_agree=may_agree and mine is None,
        by_whom="" if may_agree else _by_whom(found),
        given=given,
        withdraw_href=url_for(".withdraw_agreement", public_id=mine.public_id) if mine else "",
    )
    return render_template("client/agreement.html", page=page, form=form)


def _by_whom(found: CareStanding) -> str:
    if found.standing.by == "guardian":
        return "Somebody who looks after you agrees to this for you. You can read it here."
    return f"{found.name} agrees to this themselves. You can read it here."
