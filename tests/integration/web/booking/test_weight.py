"""The client's path is light and runs no script: every page of it, in a practice that is full."""

import re

from flask import Flask

from tests.support.booking import mailed
from tests.support.client import CheckedClient
from tests.support.people import Clock, sign_in, words_of

MOST = 30_000
SLOT = re.compile(r'name="at" value="([^"]+)"')


def weigh(client: CheckedClient, path: str) -> str:
    """Return the page, which must be light."""
    page = client.get(path)
    assert page.status_code == 200, path
    assert len(page.data) <= MOST, f"{path}: {len(page.data)} bytes"
    text = words_of(page)
    assert "<script" not in text, path
    assert 'id="help-heading"' in text, path  # help in a crisis
    return text


def book(client: CheckedClient, service: str, who: str) -> str:
    """Choose the first time with anyone, and return the address of the step that follows."""
    weigh(client, f"/book/{service}/with?who={who}")
    times = f"/book/{service}/time?who={who}&therapist=anyone"
    found = SLOT.search(weigh(client, times))
    assert found is not None
    return str(client.submit(times, {"at": found[1]}, action="/time").location)


def test_a_strangers_path_is_light(demo_app: Flask) -> None:
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()
    assert isinstance(client, CheckedClient)
    for path in ("/book", "/book/consultation", "/book/individual"):
        weigh(client, path)
    details = book(client, "consultation", "us")
    weigh(client, details)
    typed = {"name": "Robin Vale", "other_name": "Kim Vale", "email": "robin@example.com"}
    contact = client.submit(details, typed, action="/details").location
    weigh(client, contact)
    check = client.submit(contact, {"safe_contact": "email"}, action="/contact").location
    for step in ("check", "who", "again", "call"):
        weigh(client, check.replace("/check", f"/{step}"))
    proof = client.submit(check, {}, action="/check").location
    weigh(client, proof)
    weigh(client, f"/book/confirm/{mailed(demo_app)[0]}")
    booked = client.submit(proof, {"code": mailed(demo_app)[1]}, action="/proof").location
    weigh(client, booked)


def test_a_clients_pages_are_light(demo_app: Flask) -> None:
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()
    assert isinstance(client, CheckedClient)
    sign_in(client, "client@demo.test")
    home = weigh(client, "/me")
    weigh(client, "/me?page=2")
    weigh(client, "/me/details")
    places = re.findall(r'href="(/me/sessions/[^"/?]+)/move"', home) or re.findall(
        r'href="(/me/sessions/[^"/?]+)"', home
    )
    for step in ("", "/cancel"):
        weigh(client, places[0] + step)
    who = re.findall(r'name="who" id="[^"]+" value="([^"]+)"', words_of(client.get("/book/individual")))
    check = book(client, "individual", who[-1])
    weigh(client, check)
    weigh(client, client.submit(check, {}, action="/check").location)
