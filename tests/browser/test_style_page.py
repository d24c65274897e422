"""Every component, in both colour schemes and at three widths, stands in nobody's way."""

from collections.abc import Iterator
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.support import axe, in_process
from tests.support.databases import Database, create


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_components_are_in_nobodys_way(
    app: Flask, context: BrowserContext, page: Page, scheme: Literal["light", "dark"]
):
    in_process.connect(context, app.test_client())
    page.emulate_media(color_scheme=scheme)
    page.goto(in_process.ORIGIN + "/dev/style")

    for width, least in ((320, 44), (390, 44), (1440, 24)):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.violations(page) == [], width
        assert axe.overflows(page) == [], width
        assert axe.small_targets(page, least) == [], width


def test_errors_have_the_focus_and_lead_to_their_fields(app: Flask, context: BrowserContext, page: Page):
    in_process.connect(context, app.test_client())
    page.goto(in_process.ORIGIN + "/dev/style")

    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="Enter your name.").click()
    expect(page.get_by_label("Your name").first).to_be_focused()
