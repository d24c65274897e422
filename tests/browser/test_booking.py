"""A stranger books on a phone without JavaScript: every step can be read, pressed and understood."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import axe, in_process
from tests.support.booking import mailed
from tests.support.databases import Database, create
from tests.support.pages import PHONE
from tests.support.people import Clock


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone whose browser runs no script."""
    made = browser.new_context(locale="en-US", viewport={**PHONE}, java_script_enabled=False, reduced_motion="reduce")
    made.set_default_timeout(30_000)
    yield made
    made.close()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


class Steps:
    """The page of a phone without scripts, and a second one of the same person in which axe can look at it."""

    def __init__(self, page: Page, looking: Page) -> None:
        self.page, self.looking = page, looking

    def is_at(self, words: str) -> None:
        """Arrive at a step, which must stand in nobody's way."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        self.looking.goto(self.page.url)
        expect(self.looking.get_by_role("heading", level=1)).to_have_text(words)
        assert axe.violations(self.looking) == [], words
        assert axe.overflows(self.looking) == [], words
        assert axe.small_targets(self.looking, 44) == [], words


def test_a_stranger_books_without_scripts(
    demo_app: Flask, phone: BrowserContext, context: BrowserContext, page: Page
) -> None:
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()  # it keeps the cookies, of both browsers
    for each in (phone, context):
        in_process.connect(each, client)
    page.set_viewport_size({**PHONE})
    steps = Steps(phone.new_page(), page)
    page = steps.page
    page.goto(in_process.ORIGIN + "/")
    page.get_by_role("link", name="Book a session").click()
    steps.is_at("What would you like to book?")
    page.get_by_role("link", name="First conversation").click()

    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose who this session is for.")
    page.get_by_label("Me", exact=True).check()
    press(page, "Continue")
    steps.is_at("With whom would you like to meet?")
    page.get_by_role("link", name="Anyone").click()
    steps.is_at("Choose a time")
    page.get_by_role("link", name="Online", exact=True).click()
    page.get_by_role("button", name="New York time").first.click()

    steps.is_at("Who are you?")
    page.get_by_label("Your name").fill("Robin Vale")
    page.get_by_label("E-mail address").fill("robin@example.com")
    press(page, "Continue")
    steps.is_at("Is it safe to e-mail or text you?")
    page.get_by_label("Yes, by e-mail").check()
    press(page, "Continue")
    steps.is_at("Check your answers")
    expect(page.get_by_text("robin@example.com")).to_be_visible()
    press(page, "Send me the code")
    steps.is_at("Check your e-mail")
    page.get_by_label("Six-digit code").fill(mailed(demo_app)[1])
    press(page, "Book this session")
    steps.is_at("Your session is booked")
    expect(page.get_by_role("link", name="Calendar file")).to_be_visible()
