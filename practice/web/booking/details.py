"""Who somebody new is, and how we may reach them."""

from dataclasses import replace
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from practice.domain.permissions import Permission
from practice.queries.held import HeldTime
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, remember
from practice.web.booking.forms import ContactForm, DetailsForm
from practice.web.booking.held import kept, the_held
from practice.web.booking.onward import CHANGE, CHECK, next_step
from practice.web.frame import the_facts


@bp.get("/held/<hold_id>/details")
@requires(Permission.PUBLIC)
def details(hold_id: str) -> ResponseReturnValue:
    """Ask for a name and an e-mail address."""
    held, draft = the_held(hold_id)
    if g.identity.books_for:
        return redirect(url_for("booking.check", hold_id=hold_id), 303)
    return _details(held, draft, form_for(draft, None))


@bp.post("/held/<hold_id>/details")
@requires(Permission.PUBLIC)
def save_details(hold_id: str) -> ResponseReturnValue:
    """Remember what was typed, and go on."""
    held, draft = the_held(hold_id)
    form = form_for(draft, request.form)
    if not form.validate():
        return _details(held, draft, form), 422
    typed: dict[str, Any] = {field.name: field.data or "" for field in form}
    return _go_on(hold_id, replace(draft, **typed))


@bp.get("/held/<hold_id>/contact")
@requires(Permission.PUBLIC)
def contact(hold_id: str) -> ResponseReturnValue:
    """Ask which way of reaching somebody puts nobody at risk: before anything is sent."""
    held, draft = the_held(hold_id)
    if not draft.email:
        return redirect(url_for("booking.details", hold_id=hold_id), 303)
    return _contact(held, ContactForm(data={"safe_contact": draft.safe_contact}))


@bp.post("/held/<hold_id>/contact")
@requires(Permission.PUBLIC)
def save_contact(hold_id: str) -> ResponseReturnValue:
    """Remember the answer. Where e-mail is not safe, nothing is sent."""
    held, draft = the_held(hold_id)
    form = ContactForm(request.form)
    if not form.validate():
        return _contact(held, form), 422
    return _go_on(hold_id, replace(draft, safe_contact=form.safe_contact.data or ""))


@bp.get("/held/<hold_id>/call")
@requires(Permission.PUBLIC)
def call(hold_id: str) -> ResponseReturnValue:
    """Say how to finish by phone: we do not write to somebody for whom that is not safe."""
    held, draft = the_held(hold_id)
    wish = {name: getattr(draft, name) for name in ("name", "phone", "service", "therapist")}
    is_welcome = draft.safe_contact != "none"
    page = {"kept": kept(held), "hold_id": hold_id, "facts": the_facts(), "wish": wish}
    return render_template("booking/call.html", **page, is_call_welcome=is_welcome)


def _details(held: HeldTime, draft: Draft, form: DetailsForm) -> str:
    ways = _ways(held, "booking.save_details", "booking.again")
    return render_template("booking/details.html", form=form, kept=kept(held), who=draft.who, **ways)


def _contact(held: HeldTime, form: ContactForm) -> str:
    ways = _ways(held, "booking.save_contact", "booking.details")
    return render_template("booking/contact.html", form=form, kept=kept(held), **ways)


def _ways(held: HeldTime, action: str, before: str) -> dict[str, str]:
    """Return where a step sends to and leads back to: for whoever came to change an answer, to the check page."""
    changing = "1" if CHANGE in request.args else None
    return {
        "hold_id": held.public_id,
        "action": url_for(action, hold_id=held.public_id, change=changing),
        "back_href": url_for(CHECK if changing else before, hold_id=held.public_id),
    }


def _go_on(hold_id: str, draft: Draft) -> ResponseReturnValue:
    """Remember what was said, and ask what is still open, or go back to where it was changed from."""
    remember(hold_id, draft)
    return redirect(url_for(next_step(draft), hold_id=hold_id), 303)


def form_for(draft: Draft, sent: MultiDict[str, str] | None) -> DetailsForm:
    """Return the form with what was typed before; it asks for another name where somebody else comes."""
    names = ("name", "other_name", "email", "phone", "pronouns")
    form = DetailsForm(sent, data={name: getattr(draft, name) for name in names})
    if draft.who == "me":
        del form.other_name
    return form
