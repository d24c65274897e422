"""Finding a client by what a caller says, and what the desk sees of one."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.models import AuditEvent, Client
from practice.services.clients import NewClient, create_client
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, ZONE, at
from tests.support.counting import statements
from tests.support.sessions import booked

TYPING = {"HX-Request": "true", "HX-Current-URL": "http://localhost/desk/clients"}


@pytest.fixture
def add(app, cast):
    def made(**known):
        with unit_of_work() as session:
            new = NewClient(zone=ZONE, **known)
            return create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW).public_id

    return made


@pytest.fixture
def people(add):
    return {
        "zoe": add(name="Zoë Ångström", chosen_name="Zee", email="Zoe.A@mail.test", phone="+12125550147"),
        "percy": add(name="Percy O'Neill", phone="+442079460018", birth_date=date(1987, 3, 27)),
    }


def typed(dee, words, path="/desk/clients", **headers):
    return dee.post(path, data={"words": words}, headers=TYPING | headers)


def read(action):
    db.session.close()
    return db.session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)).all()


@pytest.mark.parametrize("words", ["a\0@b", "\0", "\x1b[2J", "%@", "@", "\u202e", "\U0010ffff", "\ufdfa" * 100])
def test_characters_that_nobody_types_find_nobody_and_break_nothing(dee, people, words):
    answer = dee.post("/desk/clients", data={"words": words})
    assert (answer.status_code, dee.get(answer.headers["Location"]).status_code) == (303, 200)
    assert typed(dee, words, **{"HX-Current-URL": "http://["}).status_code == 200


def test_what_was_typed_leads_to_a_page_whose_address_does_not_tell_it(dee, people):
    answer = dee.post("/desk/clients", data={"words": " zee  ångs "})
    assert answer.status_code == 303
    assert re.fullmatch(r"/desk/clients\?find=[\w-]{80,}", answer.location)
    assert dee.post("/desk/clients", data={"words": "zee ångs"}).location != answer.location
    for _ in range(2):  # whoever goes back gets the same page again
        page = dee.get(answer.location).text
        assert "<mark>Zee</mark> <span>(Zoë <mark>Ångs</mark>tröm)</span>" in page
        assert 'value="zee ångs"' in page
        assert "Percy" not in page
    assert [event.detail for event in read("clients.listed")] == [{"clients": [people["zoe"]]}] * 2
    assert dee.post("/desk/clients", data={"words": "  "}).location == "/desk/clients"


def test_an_address_shows_nothing_to_others(app, dee, cast, people):
    address = dee.post("/desk/clients", data={"words": "zee"}).location
    for broken in (address[:-4], address + "A", "/desk/clients?find=%20", "/desk/clients?find=é"):
        assert 'value=""' in dee.get(broken).text, broken
    act_as(app, cast.identity("bob"), now=NOW)
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().post("/desk/clients", data={"words": "zee"}).status_code == 404


def test_while_somebody_types_only_the_list_comes_back(dee, people):
    answer = typed(dee, "o'n")
    assert "<html" not in answer.text
    assert "Percy <mark>O&#39;N</mark>eill" in answer.text
    assert f'href="/desk/clients/{people["percy"]}"' in answer.text
    assert dee.get(answer.headers["HX-Replace-Url"]).text.count("data-found") == 1
    elsewhere = typed(dee, "o'n", **{"HX-Current-URL": "http://localhost/desk"})
    assert "HX-Replace-Url" not in elsewhere.headers
    assert not typed(dee, "", **{"HX-Current-URL": "http://localhost/desk"}).text.strip()


@pytest.mark.parametrize(
    "words, shown",
    [
        ("0147", "Phone ends <mark>0147</mark>"),
        ("(212) 555-0147", "Phone ends <mark>0147</mark>"),
        ("zoe.a@", "<mark>Zoe.A</mark>@mail.test"),
        ("mail", "Nobody found"),
        ("ongstrom", "Spelt a little differently"),
        ("3/27/1987", "Born 27 March 1987"),
        ("27 mar 87", "Percy"),
        ("percy 27.3.1987", "<mark>Percy</mark>"),
        ("zoë percy", "Nobody found"),
        ("%", "Nobody found"),
        ("_", "Nobody found"),
    ],
)
def test_numbers_addresses_dates_and_slips_find_people(dee, people, words, shown):
    assert shown in typed(dee, words).text


def test_people_of_one_name_are_told_apart_by_their_birth_dates_and_that_is_recorded(dee, add, people):
    twins = [add(name="Sam Lee", birth_date=date(year, 5, 4)) for year in (1980, 1994)]
    text = typed(dee, "sam").text
    assert "Born 4 May 1980" in text
    assert "Born 4 May 1994" in text
    assert "Born" not in typed(dee, "zee").text
    assert [sorted(event.detail["clients"]) for event in read("clients.birth_dates_read")] == [sorted(twins)]


def test_the_next_session_is_shown(dee, cast):
    booked(cast, at(MONDAY, 15), now=NOW)
    booked(cast, at(MONDAY, 13), now=NOW, therapist="bea")
    booked(cast, at(MONDAY, 9), now=NOW)
    text = typed(dee, "moss").text
    assert text.count("Next ") == 1
    assert "Next Monday 23 November, 1:00 PM" in text
    assert text.index("Alice") < text.index("Charlie"), "who comes stands first"


def test_nobody_found_offers_to_add_what_was_typed(dee, people):
    page = typed(dee, "nova quist").text
    assert "Nobody found" in page
    href = re.search(r'href="(/desk/clients/new\?find=[^"]+)"', page)[1]
    assert 'value="Nova Quist"' in dee.get(href).text
    for words, kept in {
        "nova@mail.test": 'name="email" type="email" value="nova@mail.test"',
        "212 555 0199": 'value="212 555 0199"',
        "4/5/1990": 'name="birth_date-year" id="birth_date-year" value="1990"',
    }.items():
        address = re.search(r'href="(/desk/clients/new\?find=[^"]+)"', typed(dee, words).text)[1]
        assert kept in dee.get(address).text, words


def test_a_page_that_is_none_is_not_there(dee):
    for number in ("0", "-1", "x", "1e3", "99999999999", "²", ""):
        assert dee.get("/desk/clients", query_string={"page": number}).status_code == 404, number
        assert dee.get("/desk/clients/nobody", query_string={"coming": number}).status_code == 404, number


def test_odd_words_find_nobody_and_break_nothing(dee, people):
    lone = "\ud800".encode("utf-8", "surrogatepass")
    for words in ("a" * 5000, "'; DROP TABLE client; --", "\\", lone, "\x01\x02", "@", "@@", ".", "+", "1" * 99):
        assert dee.post("/desk/clients", data={"words": words}).status_code == 303, words
        assert dee.post("/desk/clients", data={"words": words}, headers=TYPING).status_code == 200, words


def test_many_cost_as_many_statements_as_few_and_are_paged(app, dee, add, people):
    for number in range(6):
        add(name=f"Tom Few {number}")
    for number in range(45):
        add(name=f"Sam Many{'abcdefghijklmnopqrst'[number % 20]} {number:02}")

    def cost(words):
        dee.post("/desk/clients", data={"words": words})
        with statements(app) as seen:
            page = typed(dee, words)
        return len(seen), page.text

    few, many = cost("tom few"), cost("sam many")
    assert few[0] == many[0]
    assert many[0] <= 8
    assert "The first 20 clients" in many[1]
    address = dee.post("/desk/clients", data={"words": "sam many"}).location
    seen = {name for page in "123" for name in re.findall(r"</mark>\w (\d\d)", dee.get(f"{address}&page={page}").text)}
    assert len(seen) == 45


def test_without_words_the_latest_clients_are_there(dee, cast, add):
    for number in range(21):
        add(name=f"Quiet {number}")
    booked(cast, at(MONDAY, 15), "charlie", now=NOW)
    first, second = (re.findall(r'found-name">([^<]+)', dee.get(f"/desk/clients?page={page}").text) for page in "12")
    assert first[0].strip() == "Charlie Moss"
    assert (len(first), len(second)) == (20, 3)


def test_archived_and_erased_people_are_not_found(app, dee, people):
    with unit_of_work() as session:
        session.execute(update(Client).where(Client.public_id == people["zoe"]).values(archived_at=NOW))
        session.execute(update(Client).where(Client.public_id == people["percy"]).values(erased_at=NOW))
    for words in ("zee", "percy", "0147", "3/27/1987", "zoe.a@mail.test"):
        assert "Nobody found" in typed(dee, words).text, words


def test_a_client_shows_what_comes_what_was_and_who_acts_for_them(dee, cast):
    booked(cast, at(MONDAY, 9), now=NOW)
    booked(cast, at(MONDAY, 15), now=NOW, therapist="bea")
    page = dee.get(f"/desk/clients/{cast.alice.public_id}").text

    assert page.index("To come") < page.index("3:00 PM") < page.index("Before") < page.index("9:00 AM")
    assert "E-mail is safe" in page
    assert "alice@demo.test" in page[page.index("Who acts for") :]
    assert "May book, see times, consent and be written to" in page
    assert dee.get("/desk/clients/nobody").status_code == 404


def test_both_lists_of_a_client_are_paged_apart(app, dee, cast, monkeypatch):
    act_as(app, cast.identity("dee"), now=at(MONDAY, 12))
    for module in ("clients", "clients_shown"):
        monkeypatch.setattr(f"practice.web.desk.{module}.PER_PAGE", 1)
    for hour in (9, 10, 15, 16):
        booked(cast, at(MONDAY, hour), now=NOW)
    here = f"/desk/clients/{cast.alice.public_id}"
    page = dee.get(here).text
    assert f'href="{here}?coming=2#coming"' in page
    assert f'href="{here}?page=2#page"' in page
    both = dee.get(f"{here}?page=2&coming=2").text
    assert "9:00 AM" in both
    assert "4:00 PM" in both
    assert "3:00 PM" not in both
    assert f'href="{here}?coming=1&amp;page=2#coming"' in both or f'href="{here}?page=2&amp;coming=1#coming"' in both


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
