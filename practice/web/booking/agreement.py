"""What people agree to before they have a place in a group: the exact text, read and agreed to on a page of its own."""

from dataclasses import replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Agreement, AgreementKind, ServiceKind
from practice.queries.agreements import consents_to, current_agreement
from practice.queries.busy import current_rules
from practice.queries.held import HeldTime
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, remember
from practice.web.booking.clients import clients_of
from practice.web.booking.held import kept, the_held
from practice.web.booking.onward import CHECK
from practice.web.forms.base import BaseForm


class AgreementForm(BaseForm):
    """That somebody read a version, and agrees to it."""

    version = HiddenField("Version", [InputRequired("What you agree to is missing.")])
    agree = BooleanField("I have read this, and I agree", [InputRequired("Tick the box to say that you agree.")])


@bp.get("/held/<hold_id>/agreement")
@requires(Permission.PUBLIC)
def agreement(hold_id: str) -> ResponseReturnValue:
    """Show the text, and ask for consent to it."""
    held, draft = the_held(hold_id)
    text = agreement_of(held)
    if text is None:
        return redirect(url_for(CHECK, hold_id=hold_id), 303)
    return _page(
        held, text, AgreementForm(data={"version": text.public_id, "agree": draft.agreement == text.public_id})
    )


@bp.post("/held/<hold_id>/agreement")
@requires(Permission.PUBLIC)
def save_agreement(hold_id: str) -> ResponseReturnValue:
    """Remember it until the place is booked, and go on."""
    held, draft = the_held(hold_id)
    text, form = agreement_of(held), AgreementForm(request.form)
    if text is not None:
        if form.version.data != text.public_id:  # it changed while it was read
            return redirect(url_for("booking.agreement", hold_id=hold_id), 303)
        if not form.validate():
            return _page(held, text, form), 422
        remember(hold_id, replace(draft, agreement=text.public_id))
    return redirect(url_for(CHECK, hold_id=hold_id), 303)


def agreement_of(held: HeldTime) -> Agreement | None:
    """Return what people agree to for what is held, or None where there is no such text."""
    service = current_rules(db.session()).service_by_slug.get(held.service)
    if held.kind != ServiceKind.GROUP or service is None:
        return None
    return current_agreement(db.session(), AgreementKind.GROUP, service.id)


def agreement_due(held: HeldTime, draft: Draft) -> Agreement | None:
    """Return what still has to be agreed to, None where all did: now, or when they enrolled before."""
    text = agreement_of(held)
    if text is None or draft.agreement == text.public_id:
        return None
    ids = [each.id for each in clients_of(draft)]
    given = consents_to(db.session(), text.id, ids) if ids else {}
    return None if ids and all(given.get(client_id) for client_id in ids) else text


def _page(held: HeldTime, text: Agreement, form: AgreementForm) -> str:
    return render_template(
        "booking/agreement.html",
        form=form,
        text=text.text,
        version=text.number,
        kept=kept(held),
        hold_id=held.public_id,
        is_client=bool(g.identity.books_for),
    )
