"""`make lighthouse`: Lighthouse's four scores of the eight main pages; fails where one is under 95.

It serves a fresh demo practice by gunicorn, as production does, and keeps the reports in .cache/lighthouse.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import chromium
from tests.support.server import ROOT, Server, inherited

HERE = ROOT / "lighthouse"
REPORTS = ROOT / ".cache" / "lighthouse"
LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PASSWORD = "foundations-demo"


@dataclass(frozen=True, slots=True)
class Measured:
    """A page to measure: ``at`` says with which of Lighthouse's two settings, "phone" or "desk"."""

    name: str
    url: str
    cookie: str = ""
    at: str = "phone"


def cookie_of(browser: Browser, base: str, person: str) -> str:
    """Sign in with the password, as the person would, and return the cookie."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", f"{person}@demo.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())
    context.close()
    return cookies


def time_page(page: Page, base: str) -> str:
    """Walk to the question for a time, as a stranger would, and return its address."""
    page.goto(f"{base}/book/consultation")
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Anyone").click()
    page.wait_for_url("**/time*")
    return page.url


def main_pages(base: str) -> list[Measured]:
    """Return the eight pages that people see most, with what is needed to see them."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page()
        page.goto(f"{base}/therapists")
        therapist = page.locator("main h3 a, main h2 a").first.get_attribute("href") or ""
        found = [
            Measured("home", f"{base}/"),
            Measured("therapists", f"{base}/therapists"),
            Measured("therapist", base + urlsplit(therapist).path),
            Measured("times", f"{base}/services/consultation/times"),
            Measured("booking-time", time_page(page, base)),
            Measured("client-home", f"{base}/me", cookie_of(browser, base, "client")),
            Measured("therapist-week", f"{base}/therapist", cookie_of(browser, base, "therapist"), "desk"),
            Measured("desk-day", f"{base}/desk", cookie_of(browser, base, "desk"), "desk"),
        ]
        browser.close()
    return found


def scores_of(pages: list[Measured]) -> dict[str, dict[str, Any]]:
    """Let Lighthouse look at each page."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"folder": str(REPORTS), "least": LEAST, "pages": [asdict(page) for page in pages]})
    environ = {**os.environ, "CHROME_PATH": str(chromium.executable() or "")}
    ran = subprocess.run(
        ["node", "run.mjs"], cwd=HERE, env=environ, input=wanted, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    return found


def main() -> int:
    """Print four scores a page, and say by the exit status whether all are high enough."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"PRACTICE_MODE": "demo", "PRACTICE_INSTANCE": folder}
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "demo"], cwd=ROOT, env=inherited() | environ, check=True
        )
        with Server(Path(folder), environ, workers=2, preload=True) as server:
            scores = scores_of(main_pages(server.url))
    print(f"{'':16}" + "".join(f"{name:>16}" for name in CATEGORIES))
    low = []
    for page, found in scores.items():
        print(f"{page:16}" + "".join(f"{found[name]:>16}" for name in CATEGORIES))
        low += [f"{page}: {name} {found[name]}; {found['failing']}" for name in CATEGORIES if found[name] < LEAST]
    print("\n".join([*low, f"The reports are in {REPORTS.relative_to(ROOT)}."]))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
