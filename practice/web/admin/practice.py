"""The practice's words, and its policies with what clients will read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Practice
from practice.queries.practice import the_practice
from practice.services.practice_setup import change_practice
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import COUNTRIES, CURRENCIES, LOCALES, PoliciesForm, PracticeForm, choose
from practice.web.admin.pages import FormPage, Way, show_form
from practice.web.presenting import format_moment, format_money, habit_of
from practice.web.saving import save

EXAMPLE_HOUR = 17


@bp.get("/practice")
@requires(Permission.ADMIN)
def practice() -> ResponseReturnValue:
    """Show what the practice is called and where it is."""
    return _practice_page(PracticeForm(obj=the_practice(db.session())))


@bp.post("/practice")
@requires(Permission.ADMIN)
def practice_save() -> ResponseReturnValue:
    """Change it."""
    form = PracticeForm(request.form)
    return save(
        _offered(form),
        lambda session: change_practice(session, form.to_words(), by=g.identity, now=g.now),
        page=lambda: _practice_page(form),
        said="Saved.",
        to=url_for("admin.home"),
    )


@bp.get("/policies")
@requires(Permission.ADMIN)
def policies() -> ResponseReturnValue:
    """Show what holds for every booking."""
    found = the_practice(db.session())
    return _policies_page(PoliciesForm(obj=found, data={"late_fee": found.late_fee_cents}))


@bp.post("/policies")
@requires(Permission.ADMIN)
def policies_save() -> ResponseReturnValue:
    """Change it, and show what clients read now."""
    form = PoliciesForm(request.form)
    return save(
        form,
        lambda session: change_practice(session, form.to_policies(), by=g.identity, now=g.now),
        page=lambda: _policies_page(form),
        said="Saved. This is what clients read from now on.",
        to=url_for("admin.policies"),
    )


def _offered(form: PracticeForm) -> PracticeForm:
    found = the_practice(db.session())
    choose(form.country, COUNTRIES, found.country)
    choose(form.currency, CURRENCIES, found.currency)
    choose(form.locale, LOCALES, found.locale)
    return form


def _practice_page(form: PracticeForm) -> str:
    note = "Changing the time zone moves no session: each keeps the time that was agreed."
    return show_form(_offered(form), FormPage("The practice", _home(), note=note))


def _policies_page(form: PoliciesForm) -> str:
    page = FormPage(
        "Policies",
        _home(),
        examples=sentences(the_practice(db.session()), g.now),
        examples_heading="What clients read, for a session next Thursday at 5:00 PM",
        note="They hold from now on, for sessions that are booked already, too.",
    )
    return show_form(form, page)


def sentences(found: Practice, now: datetime) -> tuple[str, ...]:
    """Return what clients read of the practice's policies, for a session on the Thursday after next Sunday, at 5 PM."""
    habit = habit_of(found.locale)
    today = now.astimezone(ZoneInfo(found.zone))
    thursday = today + timedelta(days=(3 - today.weekday()) % 7 + 7)
    starts_at = thursday.replace(hour=EXAMPLE_HOUR, minute=0, second=0, microsecond=0)
    book_by = format_moment(starts_at - timedelta(minutes=found.notice_minutes), found.zone, habit)
    free_until = format_moment(starts_at - timedelta(hours=found.free_cancel_hours), found.zone, habit)
    cancel = f"Cancel free until {free_until}."
    if found.late_fee_cents:
        cancel += f" After that, the fee is {format_money(found.late_fee_cents, found.currency)}."
    else:
        cancel += " After that, it is free, too."
    return (f"It can be booked until {book_by}.", cancel)


def _home() -> Way:
    return Way("Practice", url_for("admin.home"))
