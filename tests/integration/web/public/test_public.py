"""What everybody may see: services, therapists by what somebody looks for, times from the first day that has any."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from practice.db import db, unit_of_work
from practice.models import Practice, Service, Therapist
from tests.support.cast import NOW, Cast, add_group_date
from tests.support.client import CheckedClient
from tests.support.people import Clock, sign_in, words_of


@pytest.fixture(autouse=True)
def friday(app: Flask, people: Cast) -> None:
    app.extensions["clock"] = Clock(NOW)


def change(app: Flask, statement) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(statement)


def shown(client: CheckedClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status}"
    return words_of(answer)


def test_home_leads_to_services_therapists_and_booking(client: CheckedClient) -> None:
    page = shown(client, "/")
    assert {"/services", "/therapists", "/book", "/services/consultation", "/call"} <= set(
        re.findall(r'href="([^"]+)"', page)
    )
    for words in (
        "Body",
        "Mind",
        "Heart",
        "Safety and structure",
        "Connection",
        "Showing up counts",
        "Play is allowed",
    ):
        assert f">{words}<" in page


def test_home_is_in_the_practices_own_words(app: Flask, client: CheckedClient) -> None:
    change(app, update(Practice).values(tagline="Begin where you are", about="Two rooms & a garden.", phone=""))
    page = shown(client, "/")
    assert "<h1>Begin where you are</h1>" in page
    assert "Two rooms &amp; a garden." in page
    assert "Call us at" not in page


def test_services_say_what_they_are_and_whom_they_are_with(client: CheckedClient) -> None:
    assert "50 minutes · $140 · In person or online" in shown(client, "/services")
    page = shown(client, "/services/individual")
    assert "Bob Reyes" in page
    assert "/services/individual/times?therapist=bob" in page
    assert client.get("/services/nothing").status_code == 404


def test_times_open_on_the_first_day_that_has_any(client: CheckedClient) -> None:
    page = shown(client, "/services/individual/times?from=2026-11-21")
    assert re.search(r"<h2[^>]*>([^<]+)", page)[1] == "Monday 23 November"
    assert "Times are shown in New York time." in page
    assert 'aria-label="Monday 23 November, 9:00 AM, Bea Lindqvist, New York time"' in page
    assert "Earlier dates" in page
    assert "from=2026-11-30" in page


def test_times_keep_the_hour_when_clocks_change(client: CheckedClient, app: Flask) -> None:
    app.extensions["clock"] = Clock(NOW.replace(month=10, day=30, hour=14))
    page = shown(client, "/services/consultation/times?therapist=bob&meet=online&from=2026-10-30")
    assert "Friday 30 October, 4:40 PM" in page
    assert "Monday 2 November, 9:00 AM" in page


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-02-30", "from=9999-12-31", "meet=telepathy", "therapist=nobody", "from=%00"]
)
def test_nonsense_in_an_address_is_nothing_there(client: CheckedClient, query: str) -> None:
    assert client.get(f"/services/individual/times?{query}").status_code == 404


def test_strangers_see_times_but_nobody_who_is_unlisted(app: Flask, client: CheckedClient) -> None:
    change(app, update(Therapist).where(Therapist.slug == "bea").values(listing="clients"))
    change(app, update(Therapist).where(Therapist.slug == "bob").values(takes_new_clients=False))
    assert client.get("/services/individual/times?therapist=bea").status_code == 404
    assert client.get("/therapists/bea").status_code == 404
    assert "Bea" not in shown(client, "/services/individual/times")
    empty = shown(client, "/services/consultation/times")
    assert "There are no times here at the moment" in empty
    assert 'href="/call?service=consultation"' in empty
    assert "<table" not in empty
    sign_in(client, "alice@demo.test")
    assert "9:00 AM" in shown(client, "/services/individual/times?therapist=bea")


def test_dates_of_a_group_are_its_own(app: Flask, client: CheckedClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        for days in (5, 12, 26, 54):
            add_group_date(session, people, NOW + timedelta(days=days))
    page = shown(client, "/services/move-and-play/times")
    assert len(re.findall('class="slot"', page)) == 3, "a page holds a few weeks where a week holds little"
    assert "Wednesday 25 November, 10:00 AM" in page
    assert "Wednesday 16 December, 10:00 AM" in page
    assert "from=2027-01-13" in page


def test_archived_services_and_unnamed_practices_are_no_trouble(app: Flask, client: CheckedClient) -> None:
    change(app, update(Service).values(archived_at=NOW))
    change(app, update(Practice).values(about="", phone="", email=""))
    assert "Nothing can be booked yet" in shown(client, "/services")
    assert client.get("/services/individual/times").status_code == 404


def test_times_cost_as_many_statements_as_they_must(app: Flask, client: CheckedClient) -> None:
    shown(client, "/services/individual/times")
    seen: list[str] = []
    with app.app_context():
        engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    shown(client, "/services/individual/times")
    assert len(seen) == 2
