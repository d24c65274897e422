"""The desk finds a caller by three letters, by keyboard alone, and comes back to the same list."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from practice.db import unit_of_work
from practice.domain.permissions import SYSTEM
from practice.services.clients import NewClient, create_client
from tests.support import axe, in_process
from tests.support.cast import MONDAY, NOW, ZONE, Cast, at
from tests.support.databases import Database, create
from tests.support.people import Clock, sign_in
from tests.support.sessions import booked

LOOKS = [(320, "light"), (390, "dark"), (1440, "light")]


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def desk(app: Flask, cast: Cast, context: BrowserContext, page: Page) -> Page:
    """Dee's browser, at half past ten on a Monday, with two people of one name among the clients."""
    app.extensions["clock"] = Clock(at(MONDAY, 10, 30))
    with unit_of_work() as session:
        for year in (1980, 1994):
            new = NewClient(
                "Sam Lee", ZONE, "Zoë", "they/them", "sam@demo.test", "+12125550147", birth_date=date(year, 5, 4)
            )
            create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW)
    booked(cast, at(MONDAY, 15), now=NOW)
    client = app.test_client()
    sign_in(client, "dee@demo.test")
    in_process.connect(context, client)
    return page


def look(page: Page, what: str) -> list[str]:
    """What is in anybody's way, at each width and in both schemes."""
    trouble = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = axe.violations(page) + [f"too wide: {each}" for each in axe.overflows(page)]
        trouble += [f"{what} at {width}, {scheme}: {line}" for line in found]
    page.set_viewport_size({"width": 1440, "height": 900})
    return trouble


def test_people_are_found_as_somebody_types_and_walked_through_by_keyboard(desk: Page) -> None:
    desk.goto(in_process.ORIGIN + "/desk")
    desk.keyboard.press("/")
    field = desk.locator("#find")
    expect(field).to_be_focused()
    desk.keyboard.type("zoe")
    people = desk.locator("#found a[data-found]")
    expect(people).to_have_count(2)
    expect(field).to_be_focused()
    expect(desk.locator("#found-said")).to_have_text("2 clients")
    expect(people.first.locator("mark")).to_have_text("Zoë")
    expect(desk.locator("#found")).to_contain_text("Born 4 May 1980")
    assert "find" not in desk.url
    trouble = look(desk, "found over the board")

    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(people.nth(1)).to_be_focused()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Clients")
    expect(people).to_have_count(2)
    assert "zoe" not in desk.url

    desk.locator("#find").fill("mos")
    expect(people).to_have_count(2)
    expect(people.first).to_contain_text("Alice Moss Next Monday 23 November, 3:00 PM")
    trouble += look(desk, "found on the page")
    desk.locator("#find").press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Alice Moss")
    trouble += look(desk, "a client")
    desk.go_back()
    expect(desk.locator("#find")).to_have_value("mos")
    expect(people).to_have_count(2)

    desk.locator("#find").fill("nobody quite")
    expect(desk.locator("#found")).to_contain_text("Nobody found")
    trouble += look(desk, "nobody found")
    desk.locator("#found").get_by_role("link", name="Add a new client").click()
    expect(desk.locator("#name")).to_have_value("Nobody Quite")
    desk.locator("#name").fill("Sam Lea")
    desk.get_by_label("No, please do not contact them").check()
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(desk.locator("#likely")).to_be_focused()
    expect(desk.locator("#likely")).to_contain_text("A similar name")
    trouble += look(desk, "somebody alike")
    desk.get_by_role("button", name="Add as a new client").dblclick()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Sam Lea")
    assert trouble == []
