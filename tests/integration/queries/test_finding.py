"""Among very many clients the best are found at a bounded cost; the terms follow what people are called."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.domain.searching import read_query
from practice.models import Client, ClientSearch, ClientTerm
from practice.queries import finding
from practice.queries.finding import found_clients, latest_clients
from practice.services.clients import NewClient, create_client, rename_client
from practice.services.findable import keep_findable, wrongly_findable
from tests.support.cast import MONDAY, NOW, TODAY, ZONE, at
from tests.support.counting import statements
from tests.support.sessions import booked

NAMES = [f"{first} {last}" for last in ("Johnson", "Johansen", "Okoye") for first in ("Sam", "Samira", "Zoë", "Ana")]


@pytest.fixture
def add(app, cast):
    def made(name, **known):
        with unit_of_work() as session:
            return create_client(
                session, NewClient(name, ZONE, **known), vault=app.extensions["vault"], by=SYSTEM, now=NOW
            ).id

    return made


@pytest.fixture
def crowd(add):
    """Twelve names, three times each: the last who were added are the latest."""
    return [add(name, email=f"{number}@mail.test") for number, name in enumerate(NAMES * 3)]


def found(words, **options):
    db.session.close()
    return found_clients(db.session(), read_query(words, TODAY, month_first=True), lambda _: [], **options)


def names(words, **options):
    ids = found(words, **options).client_ids
    by_id = {client.id: client.name for client in db.session.scalars(select(Client).where(Client.id.in_(ids)))}
    return [by_id[each] for each in ids]


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """As if the crowd were small, and as if it were too large to be gathered."""
    if request.param == "many":
        monkeypatch.setattr(finding, "COMMON", 2)
        monkeypatch.setattr(finding, "LATEST", 6)
        monkeypatch.setattr(finding, "ENOUGH", 40)


def test_whole_words_come_first_and_the_first_page_is_full_either_way(crowd, size):
    page = names("sam", per_page=12)
    assert len(page) == 12
    assert {name.split()[0] for name in page[:1]} == {"Sam"}
    assert all(name.startswith("Sam") for name in page)
    assert set(names("sam o", per_page=20)) == {"Sam Okoye", "Samira Okoye"}
    assert names("okoye zoe", per_page=20) == ["Zoë Okoye"] * 3


def test_few_of_a_whole_word_stand_before_the_many_who_begin_like_it(crowd, add, monkeypatch):
    monkeypatch.setattr(finding, "COMMON", 4)
    monkeypatch.setattr(finding, "LATEST", 2)
    add("Jo Pharr")
    for number in range(5):
        add(f"Johannes {number}x")
    assert names("jo", per_page=5)[0] == "Jo Pharr"


def test_slips_of_the_pen_and_of_the_ear_find_the_name(crowd, size):
    assert set(names("jonson", per_page=30)) >= {"Sam Johnson", "Zoë Johnson"}
    assert names("jonson", per_page=30)[0].endswith("Johnson")
    assert set(names("okoie", per_page=30)) == {f"{first} Okoye" for first in ("Sam", "Samira", "Zoë", "Ana")}
    assert names("zoy okoye", per_page=30) == ["Zoë Okoye"] * 3
    assert found("okoie").near == 0
    assert names("qqqq") == []


def test_every_page_after_the_first_reads_all(crowd, size):
    everybody = [name for page in (1, 2, 3) for name in names("okoye", page=page, per_page=5)]
    assert len(everybody) >= 11
    assert not found("okoye", page=4, per_page=5).client_ids


def test_the_statements_are_few(app, crowd, size):
    for words in ("s", "sam", "sam okoye", "jonson", "zoy okoye", "0147", "11@mail.test", "11.m", "qqqq", "kovalsky"):
        found(words)
        with statements(app) as seen:
            found(words)
        assert len(seen) <= 9, (words, seen)


def test_who_comes_last_stands_first(cast, crowd):
    booked(cast, at(MONDAY, 15), "charlie", now=NOW)
    session = booked(cast, at(MONDAY, 13), now=NOW)
    latest = [cast.charlie.id, cast.alice.id]
    assert latest_clients(db.session(), per_page=2).client_ids == latest
    assert found("moss").client_ids == latest
    with unit_of_work() as unit:
        unit.execute(update(type(session)).where(type(session).id == session.id).values(starts_at=at(MONDAY, 13)))
        unit.execute(
            update(type(session))
            .where(type(session).id == session.id)
            .values(starts_at=at(MONDAY, 16), ends_at=at(MONDAY, 16) + timedelta(minutes=50))
        )
    assert found("moss").client_ids == latest[::-1]


def test_terms_follow_names_and_nothing_of_somebody_erased_stays(app, add):
    client_id = add("Una Oldname", email="una@mail.test", phone="+12125550147")

    def known():
        db.session.close()
        terms = db.session.scalars(select(ClientTerm.term).where(ClientTerm.client_id == client_id)).all()
        assert list(wrongly_findable(db.session(), every=1)) == []
        return terms, db.session.get(ClientSearch, client_id)

    with unit_of_work() as session:
        rename_client(session, session.get_one(Client, client_id), "Una Newname", "Ulla", by=SYSTEM, now=NOW)
    assert [bool(found(words).client_ids) for words in ("newname", "ulla", "0147", "oldname")] == [1, 1, 1, 0]
    for column in ("archived_at", "erased_at"):
        with unit_of_work() as session:
            session.execute(update(Client).where(Client.id == client_id).values({column: NOW}))
        assert known() == ([], None), "the database itself takes it away"
        with unit_of_work() as session:
            keep_findable(session, session.get_one(Client, client_id))
        assert known() == ([], None)
        with unit_of_work() as session:
            session.execute(update(Client).where(Client.id == client_id).values({column: None}))
            keep_findable(session, session.get_one(Client, client_id))
        assert len(known()[0]) > 5


def test_terms_that_do_not_fit_are_noticed(add):
    client_id = add("Una Vale")
    for statement in (
        update(Client).where(Client.id == client_id).values(chosen_name="Ulla"),
        update(ClientSearch).where(ClientSearch.client_id == client_id).values(words=" una "),
        update(ClientTerm).where(ClientTerm.client_id == client_id, ClientTerm.term == "nuna").values(term="nulla"),
    ):
        with unit_of_work() as session:
            session.execute(statement)
            assert list(wrongly_findable(session, every=1)) == [client_id]
            session.rollback()
