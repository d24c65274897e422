"""Finding a client by what a caller says, and what the desk sees of one."""

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.models import AuditEvent
from practice.queries.clients import clients_like
from practice.services.clients import NewClient, create_client
from tests.support.cast import MONDAY, NOW, ZONE, at
from tests.support.counting import statements
from tests.support.sessions import booked


@pytest.fixture
def people(app, cast):
    def add(**known):
        with unit_of_work() as session:
            new = NewClient(zone=ZONE, **known)
            return create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW).public_id

    return {
        "zoe": add(name="Zoë Ångström", chosen_name="Zee", email="Zoe.A@mail.test", phone="+12125550147"),
        "percy": add(name="Percy 100% O'Neill", phone="+442079460018"),
        "nil": add(name="Nil Under_score"),
    }


def test_names_addresses_and_numbers_find_people(people):
    for words, found in {
        "zee": ["zoe"], "ÅNGSTRÖM zoë": ["zoe"], "zoe.a@MAIL.test": ["zoe"], "212 555-0147": ["zoe"], "0018": ["percy"],
        "100%": ["percy"], "%": ["percy"], "_": ["nil"], "o'neill": ["percy"], "nobody": [], "   ": [], "zoë percy": [],
    }.items():  # fmt: skip
        assert [client.public_id for client in clients_like(db.session(), words)] == [people[name] for name in found]


def test_the_page_shows_who_was_found_and_records_it(dee, people):
    page = dee.get("/desk/clients?q=zee")

    assert "Zee" in page.text
    assert "(Zoë Ångström)" in page.text
    assert "Percy" not in page.text
    db.session.close()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "clients.listed")).one()
    assert event.detail == {"clients": [people["zoe"]]}
    assert "Nobody found" in dee.get("/desk/clients?q=nobody").text


def test_a_page_that_is_none_is_not_there(dee):
    for number in ("0", "-1", "x", "1e3", "99999999999", "²", ""):
        assert dee.get("/desk/clients", query_string={"q": "a", "page": number}).status_code == 404, number


def test_odd_words_find_nobody_and_break_nothing(dee):
    lone = "\ud800".encode("utf-8", "surrogatepass")
    for words in ("a" * 5000, "'; DROP TABLE client; --", "\\", lone):
        assert dee.get("/desk/clients", query_string={"q": words}).status_code == 200, words


def test_many_cost_as_many_statements_as_few_and_are_paged(app, dee, people):
    with unit_of_work() as session:
        for number in range(45):
            new = NewClient(name=f"Sam Many {number:02}", zone=ZONE)
            create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW)

    def cost(words):
        with statements(app) as seen:
            page = dee.get("/desk/clients", query_string={"q": words})
        return len(seen), page.text

    few, many = cost("zee"), cost("sam many")
    assert few[0] == many[0]
    assert "1 to 20" in many[1]
    assert "Sam Many 44" in dee.get("/desk/clients?q=sam+many&page=3").text


def test_a_client_shows_what_comes_and_what_was(dee, cast):
    booked(cast, at(MONDAY, 9), now=NOW)
    booked(cast, at(MONDAY, 15), now=NOW, therapist="bea")
    page = dee.get(f"/desk/clients/{cast.alice.public_id}").text

    assert page.index("To come") < page.index("3:00 PM") < page.index("Before") < page.index("9:00 AM")
    assert "E-mail is safe" in page
    assert dee.get("/desk/clients/nobody").status_code == 404


def test_a_long_history_costs_as_many_statements_as_a_short_one(app, dee, cast):
    path = f"/desk/clients/{cast.alice.public_id}"

    def cost():
        with statements(app) as seen:
            assert dee.get(path).status_code == 200
        return len(seen)

    booked(cast, at(MONDAY, 9), now=NOW)
    booked(cast, at(MONDAY, 15), now=NOW)
    dee.get(path)
    before = cost()
    for hour in (11, 12, 13, 16):
        booked(cast, at(MONDAY, hour), now=NOW)
    assert cost() == before
