"""The people who work here: invited, sent again, withdrawn, given other work, closed; and somebody always is admin."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.models import Account, AccountRole, AuditEvent, OneTimeToken, OutboxMessage, Therapist
from practice.services.accounts import NewAccount, create_account
from tests.support.acting import act_as
from tests.support.cast import NOW
from tests.support.people import make_account, sign_in

ZOE = {"name": "Zoë Quinn", "email": "zoe@practice.test", "roles": ["therapist"], "therapist": "new"}


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def account(name="Zoë Quinn"):
    db.session.close()
    return db.session.scalars(select(Account).where(Account.name == name)).one_or_none()


def roles(name="Zoë Quinn"):
    db.session.close()
    rows = db.session.scalars(select(AccountRole.role).join(Account).where(Account.name == name))
    return sorted(rows)


def profile_of(name="Zoë Quinn"):
    db.session.close()
    return db.session.scalars(select(Therapist).join(Account).where(Account.name == name)).one_or_none()


def open_links():
    db.session.close()
    live = select(func.count()).select_from(OneTimeToken).where(OneTimeToken.used_at.is_(None))
    return db.session.scalar(live)


def actions():
    db.session.close()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def mails():
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(OutboxMessage))


def test_an_invitation_makes_the_profile_and_leads_to_it(ada, cast):
    for _ in range(2):  # pressed twice
        answer = ada.submit("/admin/staff/new", ZOE)
        assert (answer.status_code, answer.location) == (303, "/admin/therapists/zoe-quinn")
    made = profile_of()
    assert (made.listing, made.zone, made.takes_new_clients) == ("staff", "America/New_York", True)
    assert (mails(), open_links()) == (1, 1)
    page = ada.get(f"/admin/staff/{account().public_id}").text
    assert "Invited: the link works until Friday 27 November, 10:00 AM" in page
    assert {"account.created", "therapist.added", "therapist.account_given", "account.link_sent"} <= set(actions())


def test_an_invitation_is_sent_again_ends_and_is_withdrawn(app, ada, cast):
    ada.submit("/admin/staff/new", ZOE)
    path = f"/admin/staff/{account().public_id}"
    assert ada.submit(path, action="/invite").status_code == 303
    assert (mails(), open_links()) == (2, 1)
    act_as(app, cast.identity("ada"), now=NOW + timedelta(days=8))
    assert "The invitation has ended before it was used" in ada.get(path).text
    assert "Invitation ended" in ada.get("/admin/staff").text

    assert ada.submit(path, action="/withdraw").status_code == 303
    assert account() is None
    assert open_links() == 0
    db.session.close()
    profile = db.session.scalars(select(Therapist).where(Therapist.slug == "zoe-quinn")).one()
    assert profile.account_id is None
    assert actions()[-1] == "account.withdrawn"
    assert ada.get(path).status_code == 404
    again = ZOE | {"therapist": "zoe-quinn"}
    assert ada.submit("/admin/staff/new", again).status_code == 303
    assert profile_of().slug == "zoe-quinn"


def test_an_invitation_that_was_used_is_neither_sent_again_nor_withdrawn(ada, cast):
    path = f"/admin/staff/{cast.identity('bob').id}"
    before = mails()
    assert ada.post(f"{path}/invite").status_code == 409
    assert ada.post(f"{path}/withdraw").status_code == 409
    assert (account("Bob").disabled_at, mails()) == (None, before)
    for act in ("invite", "withdraw", "close", "open"):
        assert ada.post(f"/admin/staff/nobody/{act}").status_code == 404


def test_what_somebody_works_as_changes_with_their_profile(ada, cast):
    path = f"/admin/staff/{cast.identity('bob').id}"
    assert ada.submit(path, {"roles": ["therapist", "front_desk"]}).status_code == 303
    assert roles("Bob") == ["front_desk", "therapist"]
    assert profile_of("Bob").slug == "bob"
    assert ada.submit(path, {"roles": ["therapist"], "therapist": "bea"}).status_code == 303
    assert profile_of("Bob").slug == "bea"
    assert ada.submit(path, {"roles": ["front_desk"], "therapist": ""}).status_code == 303
    assert profile_of("Bob") is None
    for wrong in (
        {"roles": []},
        {"roles": ["owner"]},
        {"roles": ["therapist"], "therapist": ""},
        {"roles": ["front_desk"], "therapist": "bea"},
        {"roles": ["therapist"], "therapist": "nobody"},
        {"roles": ["therapist"], "email": "x@y.test"},
    ):
        assert ada.post(path, data=wrong).status_code == 422, wrong
    assert roles("Bob") == ["front_desk"]


def test_somebody_always_is_admin(ada, cast):
    own = f"/admin/staff/{cast.identity('ada').id}"
    assert "Somebody has to be admin." in ada.post(own, data={"roles": ["front_desk"]}).text
    with unit_of_work() as session:  # an admin who has never come does not count
        create_account(session, NewAccount("eve@x.test", "Eve", frozenset({"admin"})), by=cast.identity("ada"), now=NOW)
    assert ada.post(own, data={"roles": ["front_desk"]}).status_code == 422
    assert roles("Ada") == ["admin"]
    assert ada.post(f"{own}/close").status_code == 422

    dees = f"/admin/staff/{cast.identity('dee').id}"
    assert ada.submit(dees, {"roles": ["front_desk", "admin"]}).status_code == 303
    answer = ada.post(own, data={"roles": ["front_desk"]})
    assert (answer.status_code, answer.location) == (303, "/")
    assert roles("Ada") == ["front_desk"]
    assert ada.post(f"{dees}/close").status_code == 422
    assert account("Dee").disabled_at is None


def test_a_closed_account_is_signed_out_and_opens_again(app, cast):
    admin, desk = app.test_client(), app.test_client()
    app.extensions["clock"] = lambda: NOW
    sign_in(admin, "ada@demo.test")
    sign_in(desk, "dee@demo.test")
    assert desk.get("/desk").status_code == 200
    path = f"/admin/staff/{cast.identity('dee').id}"
    assert admin.post(f"{path}/close").status_code == 400  # without its token a form does nothing
    assert admin.submit(path, action="/close").status_code == 303
    assert desk.get("/desk").status_code == 303
    assert "Closed since Friday 20 November, 10:00 AM" in admin.get(path).text
    assert admin.submit(path, action="/open").status_code == 303
    assert desk.get("/desk").status_code == 303  # its old sessions stay over


def test_the_list_has_pages(app, ada, cast):
    for number in range(30):
        make_account(app, f"p{number:02}@x.test", "front_desk", name=f"Person {number:02}")
    first, second = ada.get("/admin/staff").text, ada.get("/admin/staff?page=2").text
    assert "1 to 25 of 33" in first
    assert "26 to 33 of 33" in second
    assert "Person 29" in second
    assert "Person 29" not in first
    for page in ("x", "0", "3"):
        assert ada.get(f"/admin/staff?page={page}").status_code == 404
