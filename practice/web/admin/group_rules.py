"""What a group says before somebody comes: the card's own words, the fewest people, and what people agree to."""

from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Agreement, AgreementKind, Service, ServiceKind
from practice.queries.agreements import current_agreement
from practice.services.group_rules import GroupRules, set_group_rules
from practice.services.offering import service_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import FormPage, Group, Way, show_form, trail
from practice.web.admin.service_tabs import service_tabs
from practice.web.expectations_shown import LATE_WELCOME, STEP_OUT
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import NumberField
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of
from practice.web.saving import save

GROUPS = (
    Group(
        "The card",
        ("wear_bring", "step_out", "late_welcome"),
        "It stands wherever clients look at the group, beside its set time, what happens and who leads.",
    ),
    Group(
        "When few people come",
        ("minimum", "decide_hours", "below_minimum"),
        "Who leads a date is asked. Where they do not answer in half of the time left, what is set here happens.",
    ),
    Group("What people agree to", ("agreement",)),
)


class GroupRulesForm(BaseForm):
    """What is a group's own."""

    wear_bring = TextAreaField("What to wear or bring", [Optional(), Length(max=500)])
    step_out = TextAreaField(
        "How to step out", [Optional(), Length(max=500)], description=f"Left empty, the card says: {STEP_OUT}"
    )
    late_welcome = TextAreaField(
        "Coming late", [Optional(), Length(max=500)], description=f"Left empty, the card says: {LATE_WELCOME}"
    )
    minimum = NumberField(
        "Fewest people", [InputRequired("Enter a number. 0 is any number.")], least=0, most=500,
        unit="the fewest people", default=0, description="For dates that are made from now on. 0 is any number.",
    )  # fmt: skip
    decide_hours = NumberField(
        "Asked so many hours before",
        [InputRequired("Enter the hours.")],
        least=1,
        most=720,
        unit="the hours",
        default=24,
    )
    below_minimum = RadioField(
        "If nobody answers",
        [InputRequired("Choose what happens.")],
        choices={"go_on": "It takes place", "cancel": "It is cancelled, and all who come are told"},
    )
    agreement = TextAreaField(
        "Agreement",
        [Optional(), Length(max=4000)],
        description="Everybody reads it and agrees before they have a place. Other words make a new version, which is "
        "asked for again. Left empty, nothing is asked.",
    )

    def to_rules(self) -> GroupRules:
        """Return what was sent, beside the agreement."""
        return GroupRules(
            wear_bring=self.wear_bring.data or "",
            step_out=self.step_out.data or "",
            late_welcome=self.late_welcome.data or "",
            minimum=int(self.minimum.data or 0),
            decide_hours=int(self.decide_hours.data or 24),
            below_minimum=str(self.below_minimum.data),
        )


@bp.get("/services/<public_id>/group")
@requires(Permission.ADMIN)
def service_group(public_id: str) -> ResponseReturnValue:
    """Show what is a group's own, to change it."""
    found = _group(public_id)
    agreement = _agreement(found)
    known: dict[str, Any] = {"agreement": agreement.text if agreement else ""}
    return _page(GroupRulesForm(obj=found, data=known), found)


@bp.post("/services/<public_id>/group")
@requires(Permission.ADMIN)
def service_group_save(public_id: str) -> ResponseReturnValue:
    """Change it."""
    found, form = _group(public_id), GroupRulesForm(request.form)
    return save(
        form,
        lambda session: set_group_rules(
            session, public_id, form.to_rules(), form.agreement.data or "", by=g.identity, now=g.now
        ),
        page=lambda: _page(form, found),
        said="Saved.",
        to=url_for("admin.service_group", public_id=public_id),
    )


def _group(public_id: str) -> Service:
    found = service_named(db.session(), public_id)
    if found.kind != ServiceKind.GROUP:
        raise NotFound
    return found


def _agreement(found: Service) -> Agreement | None:
    return current_agreement(db.session(), AgreementKind.GROUP, found.id)


def _page(form: GroupRulesForm, found: Service) -> str:
    facts, agreement = the_facts(), _agreement(found)
    note = ""
    if agreement is not None:
        at = format_moment(agreement.published_at, facts.zone, habit_of(facts.locale))
        note = f"Version {agreement.number} of the agreement holds since {at}."
    here = Way(found.name, url_for("admin.service", public_id=found.public_id))
    page = FormPage(
        "What to expect",
        (*trail("Services", "admin.services"), here),
        groups=GROUPS,
        tabs=service_tabs(found, "service_group"),
        note=note,
    )
    return show_form(form, page)
