"""An admin keeps anybody's hours, and learns of clients no more than their role may."""

import pytest

from practice.db import db
from practice.domain.permissions import permissions_of
from practice.queries.busy import current_rules
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.forms import find
from tests.support.sessions import booked

NOW = at(MONDAY, 8)
WEEKLY = "/admin/therapists/bob/hours/weekly"
CHECK = f"{WEEKLY}/check?days=0&starts_0=09:00&ends_0=10:00&place_0=online&valid_from=2026-11-23"


@pytest.mark.parametrize("roles, is_told", [(("admin",), False), (("admin", "front_desk"), True)])
def test_who_lies_outside_is_named_to_whoever_may_read_of_clients(app, cast, roles, is_told):
    made = booked(cast, at(MONDAY, 14), now=NOW)
    ada = cast.identity("ada")
    act_as(app, type(ada)(**{**vars(ada), "roles": frozenset(roles), "permissions": permissions_of(roles)}), now=NOW)
    client = app.test_client()
    page = client.get(CHECK).text

    assert "A booked session would lie outside these hours" in page
    assert ("Alice Moss" in page) == is_told
    assert (f"/desk/appointments/{made.public_id}" in page) == is_told
    assert "Individual session" in page or is_told
    form = find(page, {}, "/weekly")
    assert client.post(form.action, data=form.filled({})).status_code == 303
    db.session.close()
    (row,) = current_rules(db.session()).hours_on(cast.bob, MONDAY)
    assert (row.start_minute, row.end_minute) == (540, 600)
    assert client.submit("/admin/therapists/bob/hours", action="/undo").status_code == 303
    db.session.close()
    (row,) = current_rules(db.session()).hours_on(cast.bob, MONDAY)
    assert (row.start_minute, row.end_minute) == (540, 1020)


@pytest.mark.parametrize(
    "stray", ["page=2", "slug=bea", "on=2026-12-01", "_method=X", "_scheme=javascript", "prefix=x"]
)
@pytest.mark.parametrize(
    "check", [CHECK, CHECK.replace("weekly/", "time-off/"), CHECK.replace("weekly/", "dates/2026-11-24/")]
)
def test_an_address_with_more_in_it_than_the_form_is_refused(app, cast, check, stray):
    act_as(app, cast.identity("ada"), now=NOW)
    answer = app.test_client().get(f"{check}&{stray}")
    assert answer.status_code == 422
    assert "/admin/therapists/bea/" not in answer.text
