"""Every page that anybody can reach by links is in nobody's way, on a phone and at a desk."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.support import axe, crawl, in_process
from tests.support.databases import Database, create
from tests.support.people import Clock, sign_in

STRANGER = ""
# Where the crawl begins: from here the navigation leads everywhere.
HOME, ACCOUNT = "/", "/account"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.mark.parametrize(
    "email", [STRANGER, "client@demo.test", "therapist@demo.test", "desk@demo.test", "admin@demo.test"]
)
def test_pages_are_in_nobodys_way(demo_app: Flask, context: BrowserContext, page: Page, email: str) -> None:
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()
    if email != STRANGER:
        sign_in(client, email)
    in_process.connect(context, client)
    addresses = crawl.pages(client, [ACCOUNT if email else HOME])

    trouble: list[str] = []
    for address in addresses:
        page.goto(in_process.ORIGIN + address)
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found = axe.violations(page) + [f"too wide: {element}" for element in axe.overflows(page)]
            trouble += [f"{address} at {width}: {line}" for line in found]

    assert trouble == []
