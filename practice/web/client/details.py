"""What a client says of themselves: what they are called by, their pronouns, and how it is safe to reach them."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from practice.db import in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Client, SafeContact
from practice.services.clients import OwnDetails, change_own_details
from practice.services.needs import change_needs, needs_of
from practice.web.access import requires
from practice.web.client.blueprint import bp
from practice.web.client.home import the_own
from practice.web.forms.fields import PhoneField
from practice.web.frame import the_facts
from practice.web.needs_form import FEATURE_HINTS, NeedsForm, form_data
from practice.web.presenting import format_phone
from practice.web.reading import note_read

CONTACTS = {
    "email": "Yes, by e-mail",
    "text": "Only by text message",
    "call": "Only by phone call",
    "none": "No, please do not contact me",
}
NO_EMAIL = "We have no e-mail address of yours yet: call us to give us one, or choose another way."


class OwnDetailsForm(NeedsForm):
    """A client's own details, and what they need."""

    chosen_name = StringField(
        "What would you like to be called?",
        [Optional(), Length(max=120)],
        description="We use it everywhere but where a signature is asked for. Leave it empty for your full name.",
    )
    pronouns = StringField("Pronouns", [Optional(), Length(max=40)])
    phone = PhoneField("Phone", [Optional()])
    safe_contact = RadioField(
        "Is it safe to e-mail or text you?",
        [InputRequired("Choose how we may reach you.")],
        choices=CONTACTS,
        description="Sometimes others read our messages.",
    )

    def __init__(self, *args: Any, email: str | None, **kwargs: Any) -> None:
        super().__init__(*args, asks_region=the_facts().checks_licences, **kwargs)
        self.email = email
        self.features.label.text = "What does the room have to have?"
        self.interpreter.label.text = "An interpreter comes with me"
        self.extra_minutes.label.text = "Do you need more time?"
        if "region" in self:
            self.region.label.text = "Where are you during sessions online?"

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; a safe way to be reached needs its address or number."""
        passed = super().validate(extra_validators)
        chosen = self.safe_contact.data
        if chosen == SafeContact.EMAIL and not self.email:
            self.safe_contact.errors = [NO_EMAIL]
            passed = False
        if chosen in (SafeContact.TEXT, SafeContact.CALL) and not self.phone.data and not self.phone.errors:
            self.phone.errors = ["Enter your phone number, or choose another way to be reached."]
            passed = False
        return passed

    def details(self) -> OwnDetails:
        """Return what was sent."""
        return OwnDetails(
            chosen_name=" ".join((self.chosen_name.data or "").split()),
            pronouns=" ".join((self.pronouns.data or "").split()),
            phone=self.phone.data or None,
            safe_contact=self.safe_contact.data,
        )


@bp.get("/details")
@requires(Permission.OWN_APPOINTMENTS)
def details() -> ResponseReturnValue:
    """Show them, to change."""
    own = _own()
    known = {name: getattr(own, name) for name in ("chosen_name", "pronouns", "safe_contact")}
    phone = format_phone(own.phone, the_facts().country) if own.phone else ""
    needs = form_data(needs_of(own, current_app.extensions["vault"]), own.region)
    return _page(own, OwnDetailsForm(data={**known, **needs, "phone": phone}, email=own.email))


@bp.post("/details")
@requires(Permission.OWN_APPOINTMENTS)
def save_details() -> ResponseReturnValue:
    """Change them."""
    own = _own()
    form = OwnDetailsForm(request.form, email=own.email)
    if not form.validate():
        return _page(own, form), 422
    client_id, vault = own.id, current_app.extensions["vault"]

    def work(session: Session) -> None:
        change_own_details(session, client_id, form.details(), by=g.identity, now=g.now)
        change_needs(session, client_id, form.to_needs(), form.to_region(), vault=vault, by=g.identity, now=g.now)

    in_unit_of_work(work)
    flash("Your details are saved.", "good")
    return redirect(url_for(".home"), 303)


def _page(own: Client, form: OwnDetailsForm) -> str:
    return render_template(
        "client/details.html", form=form, hints=FEATURE_HINTS, name=own.name, email=own.email, facts=the_facts()
    )


def _own() -> Client:
    """Return the client that whoever is signed in is: nobody changes here how somebody else is called or reached."""
    own = the_own()
    if own is None:
        raise NotFound
    note_read("client.read", ("client", own.public_id))
    return own
