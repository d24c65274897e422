"""Every component, in both colour schemes, at three widths and on paper, stands in nobody's way."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.support import axe, in_process
from tests.support.databases import Database, create

# One of each kind of thing that takes the focus.
FOCUSABLE = (
    ".brand", ".nav a", "main p a", ".tabs a", ".back", ".button", ".plain", ".way", ".joined a", "summary",
    "textarea", "select", "input[type=text]", ".choice input[type=radio]", ".choice input[type=checkbox]",
    ".slot input", "button.slot", "a.slot", ".board", ".event a", ".error-summary a",
)  # fmt: skip
# Whether the focus can be seen: on the control, or on what is drawn in its place.
HAS_RING = """element => [element, element.nextElementSibling, element.closest('label')]
    .filter(each => each).map(each => getComputedStyle(each))
    .some(look => look.outlineStyle === 'solid' && parseFloat(look.outlineWidth) >= 3)"""
HIDDEN_ON_PAPER = (".nav", ".bar-end", ".tabs", ".actions", ".back", ".foot", "main .button")


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def style_page(app: Flask, context: BrowserContext, page: Page) -> Page:
    """The style page, open."""
    in_process.connect(context, app.test_client())
    page.goto(in_process.ORIGIN + "/dev/style")
    return page


def test_components_are_in_nobodys_way(style_page: Page) -> None:
    for width, least in ((320, 44), (390, 44), (1440, 24)):
        style_page.set_viewport_size({"width": width, "height": 900})
        assert axe.overflows(style_page) == [], width
        assert axe.small_targets(style_page, least) == [], width

    assert axe.violations(style_page) == [], "wide and light"
    style_page.emulate_media(color_scheme="dark")
    assert axe.contrast(style_page) == [], "wide and dark"
    style_page.set_viewport_size({"width": 320, "height": 900})
    assert axe.violations(style_page) == [], "narrow and dark"
    style_page.emulate_media(color_scheme="light")
    assert axe.contrast(style_page) == [], "narrow and light"


def test_errors_have_the_focus_and_lead_to_their_fields(style_page: Page) -> None:
    expect(style_page.locator("#problems")).to_be_focused()
    style_page.get_by_role("link", name="Enter your name.").click()
    expect(style_page.locator("#wrong-name")).to_be_focused()


def test_the_focus_can_always_be_seen(style_page: Page) -> None:
    style_page.keyboard.press("Tab")  # from now on the focus is one of the keyboard
    unseen = []
    for selector in FOCUSABLE:
        thing = style_page.locator(f"{selector}:visible, .slot {selector}").first
        thing.focus()
        if not thing.evaluate(HAS_RING):
            unseen.append(selector)
    assert unseen == []


def test_paper_carries_words_only(style_page: Page) -> None:
    style_page.emulate_media(media="print", color_scheme="dark")

    assert [name for name in HIDDEN_ON_PAPER if style_page.locator(name).first.is_visible()] == []
    colours = style_page.evaluate(
        "() => [document.documentElement, document.querySelector('main .steps li')]"
        ".map((each, i) => getComputedStyle(each)[i ? 'color' : 'backgroundColor'])"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
