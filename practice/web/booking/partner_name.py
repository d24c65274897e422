"""Who comes with somebody signed in: a partner who is new here has a name, and no more until they agree themselves."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.held import HeldTime
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, remember
from practice.web.booking.held import kept, the_held
from practice.web.booking.onward import next_step
from practice.web.booking.path import SOMEBODY
from practice.web.forms.base import BaseForm


class PartnerNameForm(BaseForm):
    """What the other one is called."""

    other_name = StringField(
        "What is the name of who comes with you?",
        [InputRequired("Enter their name."), Length(max=120)],
        description="Only the name. They say themselves how they are reached: you get a link to hand on.",
    )


@bp.get("/held/<hold_id>/partner")
@requires(Permission.PUBLIC)
def partner_name(hold_id: str) -> ResponseReturnValue:
    """Ask what the partner is called."""
    held, draft = _with_somebody(hold_id)
    return _page(held, PartnerNameForm(data={"other_name": draft.other_name}))


@bp.post("/held/<hold_id>/partner")
@requires(Permission.PUBLIC)
def save_partner_name(hold_id: str) -> ResponseReturnValue:
    """Remember it, and go on."""
    held, draft = _with_somebody(hold_id)
    form = PartnerNameForm(request.form)
    if not form.validate():
        return _page(held, form), 422
    draft = replace(draft, other_name=form.other_name.data or "")
    remember(hold_id, draft)
    return redirect(url_for(next_step(draft), hold_id=hold_id), 303)


def _with_somebody(hold_id: str) -> tuple[HeldTime, Draft]:
    held, draft = the_held(hold_id)
    if SOMEBODY not in draft.who.split("."):
        raise NotFound
    return held, draft


def _page(held: HeldTime, form: PartnerNameForm) -> str:
    return render_template(
        "booking/partner_name.html",
        form=form,
        kept=kept(held),
        hold_id=held.public_id,
        back_href=url_for("booking.again", hold_id=held.public_id),
    )
