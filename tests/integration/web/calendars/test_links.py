"""Calendar links: shown once, used, and turned off; nobody makes or ends somebody else's."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.models import CalendarFeed, Practice
from tests.support.acting import act_as
from tests.support.cast import NOW, Cast
from tests.support.people import words_of


def make(client: FlaskClient, owner: str, **changes: str) -> str:
    answer = client.post(
        "/calendar-links",
        data={
            "owner": owner,
            "level": "busy" if owner.startswith("therapist") else "appointment",
            "name": "My phone",
            **changes,
        },
    )
    assert answer.status_code == 303
    found = re.search(r'value="(http[^"]*\.ics)"', words_of(client.get("/calendar-links")))
    assert found
    return found[1].replace("http://127.0.0.1:8000", "")


def the_link() -> str:
    db.session.rollback()
    return db.session.scalars(select(CalendarFeed.public_id)).one()


def test_a_link_is_shown_once_works_and_ends(app: Flask, client: FlaskClient, cast: Cast) -> None:
    act_as(app, cast.identity("alice"), now=NOW)
    path = make(client, f"client-{cast.alice.public_id}")
    assert path not in words_of(client.get("/calendar-links"))
    assert client.get(path).status_code == 200
    public_id = the_link()
    assert client.post(f"/calendar-links/{public_id}/revoke").status_code == 303
    assert client.get(path).status_code == 410
    assert "No links yet" in words_of(client.get("/calendar-links"))


def test_a_therapist_chooses_how_much_it_says(app: Flask, client: FlaskClient, cast: Cast) -> None:
    act_as(app, cast.identity("bob"), now=NOW)
    page = words_of(client.get("/calendar-links"))
    owner = re.search(r'value="(therapist-[^"]+)"', page)
    assert owner
    assert client.get(make(client, owner[1], level="initials")).status_code == 200


@pytest.mark.parametrize(("is_allowed", "status"), [(False, 422), (True, 303)])
def test_full_names_are_offered_where_the_practice_allows_them(
    app: Flask, client: FlaskClient, cast: Cast, is_allowed: bool, status: int
) -> None:
    with unit_of_work() as session:
        session.execute(update(Practice).values(allows_full_names_in_feeds=is_allowed))
    act_as(app, cast.identity("bob"), now=NOW)
    page = words_of(client.get("/calendar-links"))
    assert ("Full names" in page) is is_allowed
    data = {"owner": re.findall(r'value="(therapist-[^"]+)"', page)[0], "level": "full", "name": "My phone"}
    assert client.post("/calendar-links", data=data).status_code == status


def test_a_clients_link_never_says_more_than_that_there_is_an_appointment(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    bob = cast.identity("bob")
    act_as(app, replace(bob, client_ids=frozenset({cast.alice.id})), now=NOW)
    data = {"owner": f"client-{cast.alice.public_id}", "level": "initials", "name": "My phone"}
    answer = client.post("/calendar-links", data=data)
    assert answer.status_code == 422
    assert "This kind of calendar can be busy or appointment." in words_of(answer)


def test_somebody_elses_calendar_cannot_be_linked_to(app: Flask, client: FlaskClient, cast: Cast) -> None:
    act_as(app, cast.identity("charlie"), now=NOW)
    data = {"owner": f"client-{cast.alice.public_id}", "level": "appointment", "name": "x"}
    assert client.post("/calendar-links", data=data).status_code == 422
    assert db.session.scalars(select(CalendarFeed)).all() == []


def test_somebody_elses_link_cannot_be_ended(app: Flask, client: FlaskClient, cast: Cast) -> None:
    act_as(app, cast.identity("alice"), now=NOW)
    make(client, f"client-{cast.alice.public_id}")
    act_as(app, cast.identity("charlie"), now=NOW)
    public_id = the_link()
    assert client.post(f"/calendar-links/{public_id}/revoke").status_code == 404


@pytest.mark.parametrize("changes", [{"name": ""}, {"level": "full"}, {"owner": "nobody"}, {"kind": "practice"}])
def test_what_cannot_be_is_refused(app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, str]) -> None:
    act_as(app, cast.identity("alice"), now=NOW)
    data = {"owner": f"client-{cast.alice.public_id}", "level": "appointment", "name": "My phone", **changes}
    assert client.post("/calendar-links", data=data).status_code == 422
    assert db.session.scalars(select(CalendarFeed)).all() == []
