"""Every page that anybody can reach by links is in nobody's way: full, empty, and when a form was left empty."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from practice.db import unit_of_work
from practice.web import errors
from tests.support import cast, crawl, in_process, looking
from tests.support.client import CheckedClient
from tests.support.databases import Database, create
from tests.support.people import Clock, sign_in

STRANGER = ""
# Where the crawl begins: from here the navigation leads everywhere.
HOME, ACCOUNT = "/", "/account"
STATUSES = (400, 403, 404, 405, 409, 410, 413, 429, 500, 503)


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


def enter(app: Flask, context: BrowserContext, email: str) -> CheckedClient:
    """Let the browser be somebody who is signed in, or nobody."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    if email != STRANGER:
        sign_in(client, email)
    in_process.connect(context, client)
    return client


@pytest.mark.long
@pytest.mark.parametrize(
    "email",
    [
        STRANGER,
        "client@demo.test",
        pytest.param("therapist@demo.test", marks=pytest.mark.lengthy),
        pytest.param("desk@demo.test", marks=pytest.mark.lengthy),
        pytest.param("admin@demo.test", marks=pytest.mark.lengthy),
    ],
)
def test_pages_are_in_nobodys_way(demo_app: Flask, context: BrowserContext, page: Page, email: str) -> None:
    demo_app.extensions["clock"] = Clock()
    client = enter(demo_app, context, email)
    found: list[str] = []
    stand_at: dict[str, tuple[str, str]] = {}
    for address in crawl.pages(client, [ACCOUNT if email else HOME]):
        page.goto(in_process.ORIGIN + address)
        found += [f"{address} {line}" for line in looking.trouble(page)]
        for action in looking.forms(page):
            stand_at.setdefault(crawl.kind(client, action, "POST"), (address, action))
    assert found == []

    refused = 0
    for address, action in stand_at.values():
        page.goto(in_process.ORIGIN + address)
        if looking.send_empty(page, action):
            refused += 1
            found += [f"{action} left empty, {line}" for line in looking.glance(page)]
            assert page.title().startswith("Error: "), action
            expect(page.locator(".error-summary")).to_be_focused()
    assert found == []
    assert refused > 0 or not stand_at


@pytest.mark.long
@pytest.mark.lengthy
@pytest.mark.parametrize("name", ["alice", "bob", "dee", "ada"])
def test_empty_pages_are_in_nobodys_way(app: Flask, context: BrowserContext, page: Page, name: str) -> None:
    app.extensions["clock"] = Clock(cast.NOW)
    with app.app_context(), unit_of_work() as session:
        cast.assemble(session, app.extensions["vault"])
    client = enter(app, context, f"{name}@demo.test")
    found = []
    for address in crawl.pages(client, [ACCOUNT]):
        page.goto(in_process.ORIGIN + address)
        if page.locator(".empty").count():
            found += [f"{address} {line}" for line in looking.glance(page)]
    assert found == []


def test_errors_are_in_nobodys_way(demo_app: Flask, context: BrowserContext, page: Page) -> None:
    @demo_app.get("/trouble/<int:status>")
    def trouble(status: int) -> object:
        return errors.answer(status, "trouble", errors.SENTENCES.get(status, "Please choose another one."))

    demo_app.extensions["clock"] = Clock()
    enter(demo_app, context, "desk@demo.test")
    found = []
    for status in STATUSES:
        page.goto(f"{in_process.ORIGIN}/trouble/{status}")
        expect(page.get_by_role("heading", level=1)).to_have_text(errors.TITLES.get(status, "That did not work"))
        found += [f"{status} {line}" for line in looking.glance(page)]
    assert found == []
