"""What the practice is called, where it is, and how it is reached."""

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.practice import the_practice
from practice.services.practice_setup import change_practice
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import COUNTRIES, CURRENCIES, LOCALES, PracticeForm, choose
from practice.web.admin.pages import FormPage, Group, home_trail, show_form
from practice.web.saving import save

GROUPS = (
    Group("Name and contact", ("name", "email", "phone")),
    Group("Where you are", ("zone", "country", "currency", "locale")),
    Group("In your own words", ("about", "crisis_text")),
    Group("On estimates", ("tax_id", "npi"), is_row=True),
)


@bp.get("/practice")
@requires(Permission.ADMIN)
def practice() -> ResponseReturnValue:
    """Show what the practice is called and where it is."""
    return _page(PracticeForm(obj=the_practice(db.session())))


@bp.post("/practice")
@requires(Permission.ADMIN)
def practice_save() -> ResponseReturnValue:
    """Change it."""
    form = PracticeForm(request.form)
    return save(
        _offered(form),
        lambda session: change_practice(session, form.to_words(), by=g.identity, now=g.now),
        page=lambda: _page(form),
        said="Saved.",
        to=url_for("admin.home"),
    )


def _offered(form: PracticeForm) -> PracticeForm:
    found = the_practice(db.session())
    choose(form.country, COUNTRIES, found.country)
    choose(form.currency, CURRENCIES, found.currency)
    choose(form.locale, LOCALES, found.locale)
    return form


def _page(form: PracticeForm) -> str:
    note = "Changing the time zone moves no session: each keeps the time that was agreed."
    return show_form(_offered(form), FormPage("The practice", home_trail(), note=note, groups=GROUPS))
