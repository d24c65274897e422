"""The admins' home: the set-up as a checklist that ends with a first booking, and the way to everything."""

from datetime import timedelta

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.progress import first_bookable, progress
from practice.queries.setup import ending_licences
from practice.queries.shown_times import shown_times
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.home_shown import home_page
from practice.web.asking import full_address
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.presenting import format_day

SOON, MOST_LICENCES = timedelta(days=60), 20


@bp.get("")
@requires(Permission.ADMIN)
def home() -> ResponseReturnValue:
    """Show how far the set-up is, and what comes next."""
    session = db.session()
    today = today_here()
    found = progress(session, today, g.now)
    licences = ending_licences(session, today + SOON, most=MOST_LICENCES)
    page = home_page(found, the_facts(), first_open(session), full_address("booking.start"), licences, today)
    return render_template("admin/home.html", page=page)


def first_open(session: Session) -> str:
    """Return the first day on which somebody new could book, in words; "" where there is none."""
    slug = first_bookable(session)
    if slug is None:
        return ""
    on = shown_times(session, slug, None, is_signed_in=False, now=g.now).first_on(the_facts().zone)
    return "" if on is None else format_day(on, relative_to=today_here())
