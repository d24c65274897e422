"""A co-lead sees a group's date wherever the lead does: in week, day, board and calendar feed."""

from datetime import date

from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.permissions import Identity, permissions_of
from practice.models import Account, Appointment, Therapist
from practice.queries.busy import current_rules
from practice.services.feeds import FeedWish, create_feed
from practice.services.leading import Leads, substitute_lead
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, at
from tests.support.groups import TUESDAY, course


def identity(slug, therapist_id):
    account = db.session.scalars(select(Account).where(Account.email == "bob@demo.test")).one()
    return Identity(
        kind="account", id=account.public_id, name=slug, account_id=account.id, roles=frozenset({"therapist"}),
        permissions=permissions_of(["therapist"]), therapist_id=therapist_id,
    )  # fmt: skip


def test_both_see_the_date_and_who_left_sees_it_no_more(app, cast):
    course(cast, [TUESDAY, date(2026, 12, 1)], co_lead=True)
    people = {slug: identity(slug, getattr(cast, slug)) for slug in ("bob", "bea")}
    with unit_of_work() as session:
        ids = dict(session.execute(select(Therapist.slug, Therapist.public_id)).all())
        feeds = {
            slug: create_feed(session, FeedWish("therapist", ids[slug], "busy", slug), by=who, now=NOW).token
            for slug, who in people.items()
        }
    first = str(db.session.scalars(select(Appointment.public_id).order_by(Appointment.starts_at)).first())

    def sees(slug):
        act_as(app, people[slug], now=at(MONDAY, 9))
        pages = [app.test_client().get(page) for page in ("/therapist/weeks/2026-11-23", "/therapist/days/2026-11-24")]
        calendar = app.test_client().get(f"/feeds/{feeds[slug]}.ics").get_data(as_text=True)
        shown = [f"/therapist/appointments/{first}" in page.get_data(as_text=True) for page in pages]
        return [*shown, "DTSTART;TZID=America/New_York:20261124T150000" in calendar]

    def columns():
        act_as(app, cast.identity("dee"), now=at(MONDAY, 9))
        board = app.test_client().get("/desk/days/2026-11-24").get_data(as_text=True)
        return board.count(f'href="/desk/appointments/{first}"')

    assert (sees("bob"), sees("bea")) == ([True] * 3, [True] * 3)
    both = columns()
    assert both > 1
    rules = current_rules(db.session())
    with unit_of_work() as session:
        substitute_lead(session, rules, first, Leads(cast.bea), by=cast.identity("dee"), now=NOW)
    assert (sees("bob"), sees("bea")) == ([False] * 3, [True] * 3)
    assert 0 < columns() < both
