"""A stranger books on the smallest phone with nothing but a keyboard, and makes each mistake on the way once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support import axe, in_process
from tests.support.booking import mailed
from tests.support.databases import Database, create
from tests.support.keyboard import Keyboard
from tests.support.pages import settle
from tests.support.people import Clock

SMALL = {"width": 320, "height": 640}


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


class Walk:
    """The steps as they are met: each in nobody's way, and without any script."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keyboard(page)

    def is_at(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        settle(self.page)
        assert axe.overflows(self.page) == [], words
        assert axe.small_targets(self.page, 44) == [], words
        assert self.page.locator("script").count() == 0, words

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words, exact=True)

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=words)

    def is_told(self, words: str, field: Locator) -> None:
        """The errors have the focus and the title, stand in nobody's way, and lead to the field."""
        problems = self.page.get_by_role("alert")
        expect(problems).to_be_focused()
        expect(problems).to_contain_text(words)
        assert self.page.title().startswith("Error: ")
        settle(self.page)
        assert axe.violations(self.page) == [], words
        assert axe.overflows(self.page) == [], words
        self.keys.press(problems.get_by_role("link", name=words))
        expect(field).to_be_focused()


def choose_a_time(walk: Walk) -> None:
    page, keys = walk.page, walk.keys
    walk.is_at("What would you like to book?")
    keys.press(walk.link("First conversation"))

    walk.is_at("Who is this session for?")
    keys.press(walk.button("Continue"))
    walk.is_told("Choose who this session is for.", page.get_by_label("Me", exact=True))
    page.keyboard.press("Space")
    keys.press(walk.button("Continue"))
    walk.is_at("With whom would you like to meet?")
    keys.press(walk.link("Maya Lindqvist"))
    walk.is_at("Choose a time")
    keys.press(walk.link("Online"))
    expect(walk.link("Online")).to_have_attribute("aria-current", "true")
    keys.press(page.get_by_role("button", name="New York time").first)


def say_who_one_is(walk: Walk) -> None:
    page, keys = walk.page, walk.keys
    walk.is_at("Who are you?")
    keys.press(walk.button("Continue"))
    walk.is_told("Enter your name.", page.get_by_label("Your name"))
    page.keyboard.type("Robin Vale")
    keys.type_over(page.get_by_label("E-mail address"), "nobody")
    page.keyboard.press("Enter")
    wrong = "Enter an e-mail address in the right form, like name@example.com."
    walk.is_told(wrong, page.get_by_label("E-mail address"))
    expect(page.get_by_label("Your name")).to_have_value("Robin Vale")
    page.keyboard.press("Control+a")
    page.keyboard.type("robin@example.com")
    keys.press(walk.button("Continue"))
    walk.is_at("Is it safe to e-mail or text you?")
    keys.press(walk.button("Continue"))
    walk.is_told("Choose how we may reach you.", page.get_by_label("Yes, by e-mail"))
    page.keyboard.press("Space")
    keys.press(walk.button("Continue"))


def change_an_answer(walk: Walk) -> None:
    page, keys = walk.page, walk.keys
    walk.is_at("Check your answers")
    keys.press(walk.link("Change your name"))
    walk.is_at("Who are you?")
    keys.to(page.get_by_label("Your name"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Rowan Vale")
    page.keyboard.press("Enter")
    walk.is_at("Check your answers")
    expect(page.get_by_text("Rowan Vale")).to_be_visible()
    keys.press(walk.button("Keep it longer"))
    expect(page.get_by_role("status")).to_contain_text("We keep your time longer.")
    keys.press(walk.button("Send me the code"))
    walk.is_at("Check your e-mail")


def prove_the_address(walk: Walk, code: str) -> None:
    page, keys = walk.page, walk.keys
    keys.type_over(page.get_by_label("Six-digit code"), "000000" if code != "000000" else "111111")
    page.keyboard.press("Enter")
    wrong = "That is not the code that we sent. Look for the newest e-mail from us, and try again."
    walk.is_told(wrong, page.get_by_label("Six-digit code"))
    page.keyboard.press("Control+a")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_stranger_books_with_the_keyboard_alone(demo_app: Flask, context: BrowserContext, page: Page) -> None:
    demo_app.extensions["clock"] = Clock()
    in_process.connect(context, demo_app.test_client())
    page.set_viewport_size({**SMALL})
    page.goto(in_process.ORIGIN + "/book")
    walk = Walk(page)
    choose_a_time(walk)
    say_who_one_is(walk)
    change_an_answer(walk)
    prove_the_address(walk, mailed(demo_app)[1])
    walk.is_at("Your session is booked")
    for way in ("Calendar file", "Google", "Outlook"):
        walk.keys.to(walk.link(way))
