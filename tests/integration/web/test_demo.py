"""Everybody who can sign in to the demo practice finds something to look at."""

import pytest
from flask import Flask

from practice.services import demo
from tests.support.client import CheckedClient
from tests.support.demo import SMALL
from tests.support.people import Clock, post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SEEN = {
    "client@demo.test": ("/me", "Maya Lindqvist"),
    "therapist@demo.test": ("/therapist", "Robin Carter"),
    "desk@demo.test": ("/desk", "Maya Lindqvist"),
    "admin@demo.test": ("/account", "Ines Ward"),
}


@pytest.mark.parametrize("email", [email for email, *_ in demo.SIGN_INS])
def test_each_demo_sign_in_works(demo_app: Flask, email: str) -> None:
    demo_app.extensions["clock"] = Clock(SMALL.now)
    client = demo_app.test_client()
    answer = post(client, "/sign-in", {"email": email, "password": demo.PASSWORD, "next": ""})
    assert answer.status_code == 303
    path, words = SEEN[email]
    page = client.get(path)
    assert page.status_code == 200
    assert words in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/services",
        "/services/consultation",
        "/services/consultation/times",
        "/therapists",
        "/therapists/maya-lindqvist",
        "/book/consultation",
        "/api/v1/slots?service=consultation&from=2026-11-25&to=2026-12-25",
    ],
)
def test_a_stranger_can_look_around(demo_app: Flask, path: str) -> None:
    demo_app.extensions["clock"] = Clock(SMALL.now)
    client = demo_app.test_client()
    assert isinstance(client, CheckedClient)
    assert client.get(path).status_code == 200
