"""Each kind of person can follow each link that they are shown: nothing is broken, and every page is strict HTML."""

import re
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import argon2
from flask import Flask

from practice.cli.progress import bar
from practice.db import unit_of_work
from practice.services import demo
from tests.support.addresses import shape
from tests.support.client import CheckedClient

LINK = re.compile(r"<a\s[^>]*href=\"([^\"]+)\"")
MOST_PAGES = 100
PLAN = demo.Plan(date(2026, 11, 24), therapists=3, clients=12, weeks=2)


def walk(client: CheckedClient, start: str) -> dict[str, int]:
    """Follow the links of our own from ``start``, one of each kind of address; return the statuses that were seen."""
    seen: dict[str, int] = {}
    kinds: set[str] = set()
    waiting = [start]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if shape(path) in kinds:
            continue
        kinds.add(shape(path))
        response = client.get(path)
        seen[path] = response.status_code
        if response.mimetype == "text/html":
            targets = [
                urljoin(path, found.replace("&amp;", "&")) for found in LINK.findall(response.get_data(as_text=True))
            ]
            waiting += [target.partition("#")[0] for target in targets if not urlsplit(target).scheme]
        elif response.status_code in (302, 303):
            waiting.append(urljoin(path, response.headers["Location"]))
    return seen


def test_every_link_leads_somewhere(app: Flask) -> None:
    app.extensions["clock"] = lambda: PLAN.now + timedelta(hours=5)
    with app.app_context():
        batches = demo.prepare(PLAN, app.extensions["vault"], argon2.PasswordHasher(1, 8, 1).hash, bar)
        with unit_of_work() as session:
            demo.fill(session, batches, bar)
    broken = {}
    for person in (None, *[email for email, *_ in demo.SIGN_INS]):
        client = app.test_client()
        assert isinstance(client, CheckedClient)
        start = "/"
        if person is not None:
            response = client.submit("/sign-in", {"email": person, "password": demo.PASSWORD})
            assert response.status_code == 303, person
            start = urljoin("/sign-in", response.headers["Location"])
        seen = walk(client, start)
        assert len(seen) > 1, f"{person} is led nowhere from {start}"
        broken |= {f"{person} {path}": status for path, status in seen.items() if status >= 400}
    assert broken == {}
