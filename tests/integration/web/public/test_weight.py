"""Public pages are light, need no script, and tell search engines what they are."""

import gzip
import re

import pytest
from flask import Flask
from sqlalchemy import select

from practice.db import db
from practice.models import Service, Therapist
from tests.support.client import CheckedClient
from tests.support.people import Clock, sign_in

ON_THE_WIRE = 30_000
PLAIN = {"Accept-Encoding": "identity"}
ZIPPED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def addresses(demo_app: Flask) -> list[str]:
    """Every public page of the demo practice."""
    demo_app.extensions["clock"] = Clock()
    with demo_app.app_context():
        services = db.session.scalars(select(Service.slug)).all()
        therapists = db.session.scalars(select(Therapist.slug).where(Therapist.listing == "public")).all()
    return [
        "/", "/services", "/therapists", "/therapists?helps=Trauma&language=Igbo", "/call", "/call/asked",
        *(f"/services/{slug}{page}" for slug in services for page in ("", "/times")),
        *(f"/therapists/{slug}" for slug in therapists),
    ]  # fmt: skip


def test_every_public_page_is_light_needs_no_script_and_describes_itself(demo_app: Flask, addresses: list[str]) -> None:
    trouble, descriptions = [], []
    for address in addresses:
        plain = demo_app.test_client().get(address, headers=PLAIN)
        zipped = demo_app.test_client().get(address, headers=ZIPPED)
        text = plain.get_data(as_text=True)
        said = re.search(r'<meta name="description" content="([^"]+)">', text)
        descriptions.append(said[1] if said else "")
        trouble += [f"{address}: {plain.status}"] * (plain.status_code != 200)
        trouble += [f"{address}: {len(plain.data)} bytes"] * (len(plain.data) > ON_THE_WIRE)
        trouble += [f"{address}: {len(zipped.data)} bytes on the wire"] * (len(zipped.data) > ON_THE_WIRE / 4)
        trouble += [f"{address}: a script"] * ("<script" in text)
        trouble += [f"{address}: describes itself with {descriptions[-1]!r}"] * (not 50 <= len(descriptions[-1]) <= 320)
        trouble += [f"{address}: no language"] * ('<html lang="en">' not in text)
        trouble += [f"{address}: {text.count('<h1')} first headings"] * (text.count("<h1") != 1)
    assert trouble == []
    assert len(set(descriptions)) >= len(descriptions) - 1, "each page says something else"


def test_only_what_holds_no_secret_is_compressed(demo_app: Flask, client: CheckedClient) -> None:
    demo_app.extensions["clock"] = Clock()
    zipped = client.get("/services", headers=ZIPPED)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) == len(zipped.data)
    assert "Accept-Encoding" in zipped.headers["Vary"]
    plain = client.get("/services", headers=PLAIN)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(zipped.data) == plain.data
    with_token = client.get("/call", headers=ZIPPED)
    assert "csrf_token" in with_token.get_data(as_text=True)
    assert "Content-Encoding" not in client.get("/services", headers=ZIPPED).headers, "now there is a cookie"
    client = demo_app.test_client()
    sign_in(client, "client@demo.test")
    assert "Content-Encoding" not in client.get("/services", headers=ZIPPED).headers
    assert "Content-Encoding" not in demo_app.test_client().get("/nothing", headers=ZIPPED).headers


def test_robots_may_read_what_is_for_everybody(client: CheckedClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    refused = re.findall(r"Disallow: (\S+)", answer.text)
    assert {"/feeds/", "/sign-in", "/book/confirm/"} <= set(refused)
    assert "/desk" not in refused, "what needs a sign-in leads robots there, and is told to nobody"
    for address in ("/", "/services", "/services/individual/times", "/therapists", "/therapists/bob", "/call", "/book"):
        assert not [path for path in refused if address.startswith(path)], address
