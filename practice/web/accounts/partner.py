"""The link that one of two partners hands on: the other one reads when and with whom, and says how to be reached."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from practice.db import db, in_unit_of_work
from practice.domain.errors import TooManyTries
from practice.domain.permissions import Permission
from practice.models import SafeContact
from practice.queries.partners import Asked, asked_by
from practice.services.partner_answers import decline
from practice.services.partners import Contact, agree, prove
from practice.web.access import requires
from practice.web.accounts.asking import link_limits, mail_limit, program_name
from practice.web.accounts.blueprint import bp
from practice.web.accounts.signing_in import enter
from practice.web.asking import full_address
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import EmailField, PhoneField
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of, join_words

CONTACTS = {
    "email": "Yes, by e-mail",
    "text": "Only by text message",
    "call": "Only by phone call",
    "none": "No, please do not contact me",
}
ANSWERS = {"mail": "Check your e-mail", "call": "Thank you", "no": "Thank you for telling us"}


class ReachForm(BaseForm):
    """How somebody wants to be reached: nothing is written before they say so."""

    safe_contact = RadioField(
        "Is it safe to e-mail or text you?",
        [InputRequired("Choose how we may reach you.")],
        choices=CONTACTS,
        description="Sometimes others read our messages. Whoever booked does not see what you answer.",
    )
    email = EmailField("Your e-mail address", [Optional()], description="Needed for e-mail, and for a sign-in.")
    phone = PhoneField("Your phone number", [Optional()], description="Needed for text messages and calls.")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; a safe way to be reached needs its address or number."""
        passed = super().validate(extra_validators)
        chosen = self.safe_contact.data
        if chosen == SafeContact.EMAIL and not self.email.data and not self.email.errors:
            self.email.errors = ["Enter your e-mail address, or choose another way to be reached."]
            passed = False
        if chosen in (SafeContact.TEXT, SafeContact.CALL) and not self.phone.data and not self.phone.errors:
            self.phone.errors = ["Enter your phone number, or choose another way to be reached."]
            passed = False
        return passed

    def to_contact(self) -> Contact:
        """Return what was sent; what is not safe is not kept."""
        safe = str(self.safe_contact.data)
        phone = self.phone.data if safe != SafeContact.NONE else None
        return Contact(safe, (self.email.data or None) if safe == SafeContact.EMAIL else None, phone or None)


@bp.get("/partner/<token>")
@requires(Permission.PUBLIC)
def partner(token: str) -> ResponseReturnValue:
    """Show what the link is about. Nothing is used up."""
    return _page(asked_by(db.session(), token, now=g.now), token, ReachForm())


@bp.post("/partner/<token>")
@requires(Permission.PUBLIC)
def partner_agree(token: str) -> ResponseReturnValue:
    """Keep the answer; an e-mail address is proven first."""
    asked, form = asked_by(db.session(), token, now=g.now), ReachForm(request.form)
    if not form.validate():
        return _page(asked, token, form), 422
    contact = form.to_contact()
    limits = (*link_limits(), mail_limit(contact.email)) if contact.email else ()
    try:
        in_unit_of_work(
            lambda session: agree(
                session, token, contact, limits=limits, link_for=_proof_address, by=g.identity, now=g.now
            )
        )
    except TooManyTries as error:
        form.form_errors = [error.message]
        return _page(asked, token, form), error.status
    return redirect(url_for(".partner_answered", said="mail" if contact.email else "call"), 303)


@bp.post("/partner/<token>/decline")
@requires(Permission.PUBLIC)
def partner_decline(token: str) -> ResponseReturnValue:
    """Give the place up; nothing is kept of whoever answers."""
    in_unit_of_work(lambda session: decline(session, token, by=g.identity, now=g.now))
    return redirect(url_for(".partner_answered", said="no"), 303)


@bp.get("/partner/answered")
@requires(Permission.PUBLIC)
def partner_answered() -> ResponseReturnValue:
    """Say what comes next."""
    said = request.args.get("said", "")
    said = said if said in ANSWERS else "call"
    return render_template("accounts/partner_answered.html", said=said, heading=ANSWERS[said])


@bp.get("/partner/mailed/<token>")
@requires(Permission.PUBLIC)
def partner_mailed(token: str) -> ResponseReturnValue:
    """Show the button that proves the address and signs in."""
    asked_by(db.session(), token, now=g.now, is_mailed=True)
    return render_template("accounts/partner_mailed.html", token=token)


@bp.post("/partner/mailed/<token>")
@requires(Permission.PUBLIC)
def partner_prove(token: str) -> ResponseReturnValue:
    """Keep what was said, and sign in."""
    rules = current_app.extensions["session_rules"]
    signed_in = in_unit_of_work(lambda session: prove(session, token, program=program_name(), rules=rules, now=g.now))
    return enter(signed_in, url_for("client.home"))


def _proof_address(token: str) -> str:
    return full_address("accounts.partner_mailed", token=token)


def _page(asked: Asked, token: str, form: ReachForm) -> str:
    """Show when and with whom, and no more: neither who booked, nor for what, nor where."""
    facts, found = the_facts(), asked.appointment
    is_on = found is not None and found.status == "booked" and found.ends_at > g.now
    return render_template(
        "accounts/partner.html",
        form=form,
        token=token,
        when=format_moment(found.starts_at, found.zone, habit_of(facts.locale)) if found and is_on else "",
        whom=join_words([row.therapist.name for row in found.therapists]) if found and is_on else "",
    )
