"""Somebody looks for a therapist on a phone without JavaScript, meets a dead end that is none, and asks for a call."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import axe, in_process
from tests.support.databases import Database, create
from tests.support.people import Clock, sign_in

NARROW = {"width": 320, "height": 800}


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A narrow phone that runs no script."""
    made = browser.new_context(locale="en-US", viewport={**NARROW}, java_script_enabled=False, reduced_motion="reduce")
    made.set_default_timeout(30_000)
    yield made
    made.close()


class Looking:
    """A page without scripts, and a second one of the same person in which axe looks at it, in light and in dark."""

    def __init__(self, page: Page, looking: Page) -> None:
        self.page, self.looking = page, looking

    def sees(self, words: str) -> None:
        """Arrive at a page, which must stand in nobody's way."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        self.looking.goto(self.page.url)
        self.is_fine(self.looking, words)

    @staticmethod
    def is_fine(page: Page, words: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe.violations(page) == [], f"{words}, {scheme}"
        assert axe.overflows(page) == [], words
        assert axe.small_targets(page, 44) == [], words


def test_nobody_is_left_without_a_way_on(
    demo_app: Flask, phone: BrowserContext, context: BrowserContext, page: Page
) -> None:
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()  # it keeps the cookies, of both browsers
    for each in (phone, context):
        in_process.connect(each, client)
    page.set_viewport_size({**NARROW})
    looking = Looking(phone.new_page(), page)
    page = looking.page

    page.goto(in_process.ORIGIN + "/")
    looking.sees("Therapy for body, mind and heart")
    page.get_by_role("link", name="Meet the therapists").click()
    looking.sees("Therapists")
    page.get_by_label("Helps with").select_option("Trauma")
    page.get_by_label("Language").select_option("Igbo")
    page.get_by_role("button", name="Show who fits").click()
    expect(page.get_by_role("heading", name="Nobody has all of this at once")).to_be_visible()
    looking.sees("Therapists")
    page.get_by_role("link", name="Without “Language: Igbo”: 1 therapist").click()
    expect(page.get_by_role("link", name="Remove Helps with: Trauma")).to_be_visible()
    page.get_by_role("link", name="Jonah Weiss").click()
    looking.sees("Jonah Weiss")
    page.get_by_role("link", name="Individual session", exact=True).first.click()
    expect(page.get_by_role("link", name="New York time").first).to_have_accessible_name(
        "Wednesday 25 November, 11:30 AM, Union Square, New York time"
    )
    page.get_by_role("link", name="All times").click()
    looking.sees("Choose a time")

    page.get_by_role("link", name="Ask us to call").click()
    looking.sees("Ask us to call")
    page.get_by_role("button", name="Ask for a call").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a phone number.")
    expect(page).to_have_title("Error: Ask us to call – Foundations Therapy")
    assert axe.overflows(page) == []
    page.get_by_label("Your name").fill("Robin Vale")
    page.get_by_label("Phone number").fill("212 555 0123")
    page.get_by_label("In the morning").check()
    page.get_by_role("button", name="Ask for a call").click()
    looking.sees("We will call you")

    sign_in(client, "desk@demo.test")
    desk = looking.looking
    desk.goto(in_process.ORIGIN + "/desk/calls")
    row = desk.get_by_role("row", name="Robin Vale")
    expect(row).to_contain_text("Individual session with Jonah Weiss")
    row.get_by_role("button", name="Called").click()
    expect(desk.get_by_role("status")).to_contain_text("Noted: called.")
    looking.is_fine(desk, "Calls")
    desk.get_by_role("button", name="Take back").click()
    expect(desk.get_by_role("rowheader", name="Robin Vale")).to_be_visible()
