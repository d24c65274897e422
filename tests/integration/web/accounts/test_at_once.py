"""What several requests at once cannot do: guess more often, or use a link twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from practice.db import db
from practice.models import OutboxMessage
from practice.web.accounts.asking import TRIES_OF_A_PAIR
from tests.support.people import PASSWORD, csrf_token, make_account, post

AT_ONCE = 16


def all_at_once(app: Flask, path: str, form: dict[str, str]) -> Counter[int]:
    """Send the same form from several browsers at once, and count the answers by status."""
    clients = [app.test_client() for _ in range(AT_ONCE)]
    forms = [{"csrf_token": csrf_token(client), **form} for client in clients]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda client, form: client.post(path, data=form), clients, forms))
    return Counter(answer.status_code for answer in answers)


def test_guessing_in_parallel_gains_nothing(app: Flask) -> None:
    make_account(app, "alice@example.com", password=PASSWORD)
    form = {"email": "alice@example.com", "password": "not the right password", "next": ""}
    assert all_at_once(app, "/sign-in", form) == {422: TRIES_OF_A_PAIR, 429: AT_ONCE - TRIES_OF_A_PAIR}


def test_a_link_is_used_by_one_only(app: Flask) -> None:
    make_account(app, "alice@example.com")
    post(app.test_client(), "/sign-in/link", {"email": "alice@example.com", "next": ""})
    with app.app_context():
        link = db.session.scalars(select(OutboxMessage)).one().context["link"]
    path = link.removeprefix(app.extensions["settings"].base_url)
    assert all_at_once(app, path, {}) == {303: 1, 410: AT_ONCE - 1}
