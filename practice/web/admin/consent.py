"""Who consents to care, from what age, and to which text. Saving another text publishes a new version."""

from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import AgreementKind
from practice.queries.agreements import agreement_versions
from practice.queries.practice import the_practice
from practice.services.agreements import publish
from practice.services.practice_setup import ConsentPolicies, change_practice
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import FormPage, Group, home_trail, show_form
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import NumberField
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of
from practice.web.saving import save

TEXT_LENGTH, SHORT_DIGEST = 20_000, 12
GROUPS = (
    Group("Minors and guardians", ("majority_age", "consents_alone_age", "consents_needed")),
    Group(
        "Agreement to care",
        ("text",),
        words="Clients, or the guardians of young ones, are asked to agree to this. No booking waits for it.",
    ),
)
NOTE = (
    "A change of the text publishes a new version, and everybody is asked anew. "
    "What was agreed to before stays on record."
)


class ConsentForm(BaseForm):
    """Ages, how many guardians, and the text."""

    majority_age = NumberField(
        "Of age, in years",
        [InputRequired("Enter the age.")],
        least=14, most=25, unit="the age",
        description="On that birthday, the rights of guardians end by themselves.",
    )  # fmt: skip
    consents_alone_age = NumberField(
        "Consents alone from, in years",
        [InputRequired("Enter the age.")],
        least=10, most=25, unit="the age",
        description="From then on guardians do not read what their child answers, unless the desk says otherwise.",
    )  # fmt: skip
    consents_needed = NumberField(
        "Guardians who have to consent for a younger child",
        [InputRequired("Enter how many.")],
        least=1, most=4, unit="how many",
    )  # fmt: skip
    text = TextAreaField("What people agree to", [Optional(), Length(max=TEXT_LENGTH)])

    def to_policies(self) -> ConsentPolicies:
        """Return the ages and the number."""
        names = ("majority_age", "consents_alone_age", "consents_needed")
        return ConsentPolicies(**{name: self[name].data for name in names})


@bp.get("/consent")
@requires(Permission.ADMIN)
def consent() -> ResponseReturnValue:
    """Show what is asked for."""
    versions = agreement_versions(db.session(), AgreementKind.CARE)
    return _page(ConsentForm(obj=the_practice(db.session()), data={"text": versions[0].text if versions else ""}))


@bp.post("/consent")
@requires(Permission.ADMIN)
def consent_save() -> ResponseReturnValue:
    """Change it; another text is another version."""
    form = ConsentForm(request.form)

    def act(session: Session) -> Any:
        change_practice(session, form.to_policies(), by=g.identity, now=g.now)
        text = (form.text.data or "").strip()
        if text:
            publish(session, AgreementKind.CARE, text, by=g.identity, now=g.now)

    return save(form, act, page=lambda: _page(form), said="Saved.", to=url_for("admin.consent"))


def _page(form: ConsentForm) -> str:
    versions, facts = agreement_versions(db.session(), AgreementKind.CARE), the_facts()
    known = [
        f"Version {each.number}, since {format_moment(each.published_at, facts.zone, habit_of(facts.locale))}, "
        f"{each.sha256[:SHORT_DIGEST]}."
        for each in versions[:1]
    ]
    return show_form(
        form, FormPage("Consent and guardians", home_trail(), intro="".join(known), note=NOTE, groups=GROUPS)
    )
