"""Finding a therapist: filters that combine and never end nowhere, and one therapist with what is free."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import update

from practice.db import unit_of_work
from practice.models import Licence, Offer, Service, Therapist, TimeOff
from practice.services.images import read_photo, set_photo
from practice.web.public import people_page
from tests.integration.web.public.test_pictures import drawn
from tests.support.cast import NOW, TODAY, Cast, add_therapist
from tests.support.client import CheckedClient
from tests.support.counting import statements
from tests.support.people import Clock, sign_in, words_of

FIRST_FREE = "Friday 20 November, 11:00 AM"


@pytest.fixture(autouse=True)
def friday(app: Flask, people: Cast) -> None:
    app.extensions["clock"] = Clock(NOW)


@pytest.fixture(autouse=True)
def different(app: Flask, people: Cast) -> None:
    """Bob helps with grief, in English and Swedish; Bea with stress, in Swedish, online only, and takes nobody new."""
    change(app, "bob", helps_with=["Grief", "Stress"], languages=["English", "Swedish"], approaches=["Talking"])
    change(app, "bea", helps_with=["Stress"], languages=["Swedish"], approaches=["Dance"], takes_new_clients=False)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Offer).where(Offer.therapist_id == people.bea).values(in_person=False, online=True))


def change(app: Flask, slug: str, **values: object) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.slug == slug).values(**values))


def shown(client: CheckedClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status}"
    return unescape(words_of(answer))


def names(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/therapists/([\w-]+)"', page)


def links(page: str, kind: str) -> dict[str, str]:
    """The links of one class, by their words."""
    found = re.findall(rf'<a class="{kind}" href="([^"]+)">(.*?)</a>', page)
    return {re.sub(r"<[^>]+>", "", words): href for href, words in found}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["bea", "bob"]),
        ("helps=Stress", ["bea", "bob"]),
        ("helps=Grief", ["bob"]),
        ("approach=Dance", ["bea"]),
        ("language=English", ["bob"]),
        ("meet=in_person", ["bob"]),
        ("place=Village+studio", ["bob"]),
        ("new=yes", ["bob"]),
        ("service=couple&helps=Stress", ["bea", "bob"]),
        ("helps=Stress&language=Swedish&meet=online&new=yes&place=&approach=", ["bob"]),
        ("helps=Nonsense&colour=green", ["bea", "bob"]),
    ],
)
def test_filters_combine(client: CheckedClient, query: str, wanted: list[str]) -> None:
    page = shown(client, f"/therapists?{query}")
    assert names(page) == wanted
    assert f"<h2>{len(wanted)} therapist" in page


def test_each_choice_says_how_many_fit_and_can_be_taken_away(client: CheckedClient) -> None:
    page = shown(client, "/therapists?helps=Stress&language=Swedish")
    assert '<option value="Stress" selected>Stress (2)</option>' in page
    assert '<option value="Grief">Grief (1)</option>' in page
    assert '<option value="English">English (1)</option>' in page
    assert links(page, "chip") == {
        "Remove Helps with: Stress": "/therapists?language=Swedish",
        "Remove Language: Swedish": "/therapists?helps=Stress",
    }
    assert links(page, "chip-all") == {"Show everybody": "/therapists"}
    assert links(shown(client, "/therapists"), "chip") == {}


def test_where_nobody_has_it_all_the_page_leads_on(client: CheckedClient) -> None:
    page = shown(client, "/therapists?helps=Grief&approach=Dance&service=individual")
    assert "Nobody has all of this at once" in page
    onward = links(page, "way")
    assert onward == {
        "Without “Helps with: Grief”: 1 therapist": "/therapists?approach=Dance&service=individual",
        "Without “Way of working: Dance”: 1 therapist": "/therapists?helps=Grief&service=individual",
    }
    assert [names(shown(client, href)) for href in onward.values()] == [["bea"], ["bob"]]
    assert names(page) == ["bea", "bob"], "those who come nearest stand on the page itself"
    assert "All but “Helps with: Grief”" in page
    assert 'href="/call?service=individual"' in page


def test_where_one_choice_less_is_not_enough_two_are_named(app: Flask, client: CheckedClient) -> None:
    change(app, "bea", languages=["Welsh"])
    page = shown(client, "/therapists?helps=Grief&new=yes&language=Welsh")
    assert list(links(page, "way")) == ["Without “Language: Welsh”: 1 therapist"]
    page = shown(client, "/therapists?helps=Grief&meet=in_person&language=Welsh&approach=Dance")
    assert list(links(page, "way")) == [
        "Without “Helps with: Grief” and “How to meet: In person”: 1 therapist",
        "Without “Way of working: Dance” and “Language: Welsh”: 1 therapist",
    ]


def test_whom_strangers_do_not_see_leaves_no_trace_in_the_filters(app: Flask, client: CheckedClient) -> None:
    change(app, "bea", listing="clients", languages=["Welsh"])
    page = shown(client, "/therapists?language=Welsh")
    assert names(page) == ["bob"]
    assert "Welsh" not in page
    assert "Bea" not in page
    sign_in(client, "alice@demo.test")
    assert names(shown(client, "/therapists?language=Welsh")) == ["bea"]


def test_the_next_free_time_is_the_first_of_those_it_leads_to(app: Flask, client: CheckedClient, people: Cast):
    page = shown(client, "/therapists")
    found = re.findall(r'Next free.*?(\w[^>]*)</span><br><a href="([^"]+)">([^<]+)', page)
    assert found == [("First conversation", "/services/consultation/times?therapist=bob", FIRST_FREE)]
    times = shown(client, found[0][1])
    assert re.search(r'aria-label="([^"]+), New York time"', times)[1] == FIRST_FREE
    assert "/services/couple/times?therapist=bob" in shown(client, "/therapists?service=couple")
    with app.app_context(), unit_of_work() as session:
        session.add(TimeOff(therapist_id=people.bob, starts_at=NOW, ends_at=NOW + timedelta(days=90)))
    page = shown(client, "/therapists")
    assert "Next free" not in page
    assert page.count("Nothing free in the next weeks") == 1, "of her who takes nobody new it would say too much"
    nothing = shown(client, "/therapists/bob")
    assert "There is nothing free here at the moment" in nothing
    assert 'href="/call?therapist=bob&service=consultation"' in nothing


def test_whom_we_know_is_shown_what_they_may_book(app: Flask, client: CheckedClient) -> None:
    sign_in(client, "alice@demo.test")
    page = shown(client, "/therapists")
    assert "/services/individual/times?therapist=bob" in page
    assert "/services/individual/times?therapist=bea" in page, "those whom we know may come to her"


def test_many_cost_as_many_statements_as_few_and_are_paged(app: Flask, client: CheckedClient, people: Cast) -> None:
    shown(client, "/therapists")
    with statements(app) as few:
        shown(client, "/therapists")
    with app.app_context(), unit_of_work() as session:
        for number in range(people_page.PER_PAGE):
            one = add_therapist(session, f"many-{number}", f"Many {number:02}", people.location, None)
            session.add(Offer(therapist_id=one.id, service_id=people.consultation))
            one.helps_with = ["Grief"]
    shown(client, "/therapists")
    with statements(app) as many:
        page = shown(client, "/therapists")
    assert len(many) == len(few)
    assert len(names(page)) == people_page.PER_PAGE
    assert page.count("Next free") == people_page.PER_PAGE - 1
    assert "1 to 24 of 26" in page
    assert '<a rel="next" href="/therapists?helps=Grief&page=2">' in shown(client, "/therapists?helps=Grief")
    assert len(names(shown(client, "/therapists?helps=Grief&page=2"))) == 1
    assert client.get("/therapists?page=3").status_code == 404


def test_a_therapist_is_shown_with_all_that_matters(app: Flask, client: CheckedClient, people: Cast) -> None:
    photo = read_photo(drawn("teal"))
    with app.app_context(), unit_of_work() as session:
        set_photo(session, "bob", photo, by=people.identity("ada"), now=NOW)
        rows = (("Psychologist", "NY", "012345", None), ("Old title", "CA", "9", TODAY.replace(day=19)))
        session.add_all(
            Licence(therapist_id=people.bob, title=title, region=region, number=number, expires_on=on, position=place)
            for place, (title, region, number, on) in enumerate(rows)
        )
    change(app, "bob", credentials="PhD", pronouns="he/him")
    page = shown(client, "/therapists/bob")
    said = ["PhD · he/him", "Grief and Stress", "Talking", "English and Swedish", "Village studio and online"]
    said += ["<dt>Licence</dt><dd>Psychologist, New York 012345</dd>", "Welcomes new clients"]
    assert [words for words in said if words not in page] == []
    assert "Old title" not in page, "a licence that ended is not shown"
    assert f'<img class="avatar large" src="/pictures/{photo.sha256}.webp" alt=""' in page
    assert 'aria-hidden="true">BL</span>' in shown(client, "/therapists/bea"), "initials, where there is no photo"
    for address in ("/therapists", "/services/individual"):
        assert f'src="/pictures/{photo.sha256}.webp"' in shown(client, address), address


def test_a_therapists_page_opens_on_the_first_day_that_has_times(client: CheckedClient) -> None:
    page = shown(client, "/therapists/bob")
    assert "Times are shown in New York time." in page
    first = re.search(r'<a class="slot" href="([^"]+)" aria-label="([^"]+)"', page)
    assert first[2] == f"{FIRST_FREE}, New York time"
    assert client.get(first[1]).status_code == 200
    assert len(re.findall(r'<h2 id="d2026', page)) == 3
    couple = shown(client, "/therapists/bob?service=couple")
    assert '<a href="/therapists/bob?service=couple#times" aria-current="true">Session for two</a>' in couple
    assert 'href="/services/couple/times?therapist=bob"' in couple
    assert client.get("/therapists/bob?service=nothing").status_code == 404


def test_who_takes_nobody_new_leads_to_others_and_to_a_call(client: CheckedClient) -> None:
    page = shown(client, "/therapists/bea")
    assert "No new clients at the moment" in page
    assert 'class="slot"' not in page
    assert {"/therapists?new=yes", "/call?therapist=bea&service=consultation"} <= set(
        re.findall(r'href="([^"]+)', page)
    )
    sign_in(client, "alice@demo.test")
    assert 'class="slot"' in shown(client, "/therapists/bea")


def test_a_price_that_depends_on_the_therapist_says_so(app: Flask, client: CheckedClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        own = (Offer.therapist_id == people.bob) & (Offer.service_id == people.individual)
        session.execute(update(Offer).where(own).values(price_cents=9000))
        session.execute(update(Service).values(about="Quiet."))
    assert "50 minutes · From $90 · In person or online" in shown(client, "/services")
    page = shown(client, "/services/individual")
    assert "<dt>Price</dt><dd>From $90</dd>" in page
    assert "<dt>Who it suits</dt><dd>One person, after a first conversation</dd>" in page
    assert "50 minutes · $90" in shown(client, "/therapists/bob?service=individual")
