"""Fixtures for tests that look at pages in a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support import chromium
from tests.support.absent import give_up

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
expect.set_options(timeout=30_000)  # what is awaited comes at once, but a busy machine may take its time


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a test module (Playwright's event loop would disturb others if it lived longer)."""
    if chromium.executable() is None:
        give_up("Chromium")
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A person's own browser profile: no cookies yet, in New York, at a desk."""
    made = browser.new_context(
        locale="en-US", timezone_id="America/New_York", viewport={**DESKTOP}, reduced_motion="reduce"
    )
    made.set_default_timeout(30_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty tab. An error in the page's scripts or a refused inline style fails the test."""
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield made
    assert not complaints, complaints


def settle(page: Page) -> None:
    """Wait until the page that has just been arrived at has its styles and its font, so that it can be measured."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")
