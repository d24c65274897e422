"""Photographs the pages of the demo practice, each at phone and desktop width, as each kind of person sees them."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.addresses import shape
from tests.support.pages import DESKTOP, PHONE
from tests.support.server import ROOT, Server, inherited

PICTURES = ROOT / "docs" / "screenshots"
PASSWORD = "foundations-demo"
PEOPLE = ("stranger", "client", "therapist", "desk", "admin")
MOST_PAGES = 80
NOT_PAGES = (".ics", ".json", "/static/", "/feeds/", "/metrics", "/sign-out")


def sign_in(page: Page, base: str, person: str) -> None:
    """Sign in with the password, as the person would."""
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", f"{person}@demo.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def links(page: Page, base: str) -> Iterator[str]:
    """Yield the paths of our own pages that this page leads to."""
    for link in page.locator("a[href]").all():
        parts = urlsplit(urljoin(page.url, link.get_attribute("href") or ""))
        if f"{parts.scheme}://{parts.netloc}" == base and not any(word in parts.path for word in NOT_PAGES):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def photograph(browser: Browser, base: str, person: str) -> None:
    """Walk from link to link, and take two pictures of the first page of each kind."""
    context = browser.new_context(locale="en-US", timezone_id="America/New_York", reduced_motion="reduce")
    page = context.new_page()
    waiting = ["/"]
    if person != "stranger":
        sign_in(page, base, person)
        waiting.insert(0, urlsplit(page.url).path)
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        name = shape(urlsplit(path).path).strip("/").replace("/", "-") or "home"
        if name in seen:
            continue
        seen.add(name)
        page.goto(f"{base}{path}")
        for width, size in (("phone", PHONE), ("desktop", DESKTOP)):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.screenshot(path=PICTURES / f"{person}-{name}-{width}.png", full_page=True)
        waiting += links(page, base)
    print(f"{person}: {len(seen)} pages")
    context.close()


def main(people: list[str]) -> None:
    """Serve a fresh demo practice from a folder of its own, and take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environ = {"PRACTICE_MODE": "demo", "PRACTICE_INSTANCE": folder}
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "demo"], cwd=ROOT, env=inherited() | environ, check=True
        )
        with Server(Path(folder), environ) as server:
            browser = chromium.launch(playwright)
            for person in people:
                photograph(browser, server.url, person)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:] or list(PEOPLE))
