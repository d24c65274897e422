"""What a group says before somebody comes is set on a page of its own, and only of a group."""

import pytest
from sqlalchemy import func, select

from practice.db import db
from practice.models import Agreement, AuditEvent, Service
from tests.support.acting import act_as
from tests.support.cast import NOW

SENT = {
    "wear_bring": "Socks.", "step_out": "The door is open.", "late_welcome": "", "minimum": "2", "decide_hours": "36",
    "below_minimum": "cancel", "agreement": "What is said here stays here.",
}  # fmt: skip


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def group():
    db.session.close()
    return db.session.scalars(select(Service).where(Service.slug == "move-and-play")).one()


def versions():
    db.session.close()
    return list(db.session.scalars(select(Agreement.number).order_by(Agreement.number)))


def test_it_is_saved_and_other_words_are_a_new_version(ada, cast):
    page = f"/admin/services/{group().public_id}/group"
    assert "What to expect" in ada.get(f"/admin/services/{group().public_id}").text
    assert ada.get(page).status_code == 200
    assert ada.post(page, data=SENT).status_code == 303
    found = group()
    assert (found.wear_bring, found.minimum, found.decide_hours, found.below_minimum) == ("Socks.", 2, 36, "cancel")
    assert ada.post(page, data=SENT).status_code == 303
    assert versions() == [1]
    assert ada.post(page, data=SENT | {"agreement": "Other words."}).status_code == 303
    assert versions() == [1, 2]
    assert "Version 2 of the agreement holds" in ada.get(page).text
    assert db.session.scalar(select(func.count()).where(AuditEvent.action == "agreement.published")) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"minimum": "-1"}, {"decide_hours": "0"}, {"below_minimum": "ask"}, {"agreement": "x" * 4001}, {"odd": "1"}],
)
def test_what_cannot_be_is_refused(ada, wrong):
    answer = ada.post(f"/admin/services/{group().public_id}/group", data=SENT | wrong)
    assert answer.status_code == 422
    assert group().minimum == 0


def test_an_agreement_is_not_taken_away(ada):
    page = f"/admin/services/{group().public_id}/group"
    ada.post(page, data=SENT)
    answer = ada.post(page, data=SENT | {"agreement": ""})
    assert answer.status_code == 422
    assert "An agreement that was published stays" in answer.text


def test_only_groups_have_it_and_only_admins_see_it(app, ada, cast):
    other = db.session.scalars(select(Service.public_id).where(Service.slug == "individual")).one()
    assert ada.get(f"/admin/services/{other}/group").status_code == 404
    page = f"/admin/services/{group().public_id}/group"
    for who in ("dee", "bob", "alice"):
        act_as(app, cast.identity(who), now=NOW)
        assert app.test_client().get(page).status_code == 404
