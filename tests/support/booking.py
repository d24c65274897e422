"""Walks through the booking as people do, a step a call."""

import re

from flask import Flask
from sqlalchemy import select

from practice.db import db
from practice.models import OutboxMessage
from tests.support.client import CheckedClient

TYPED = {"name": "Robin Vale", "email": "robin@example.com", "phone": "", "pronouns": "they/them"}


def keep(
    client: CheckedClient, at: str, *, who: str = "me", service: str = "consultation", meet: str = "online"
) -> str:
    """Choose a time ("minute.therapist") and return the address of the step that follows."""
    therapist = at.partition(".")[2]
    answer = client.submit(
        f"/book/{service}/time?who={who}&therapist={therapist}&meet={meet}&at={at}", {"at": at}, action="/time"
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def ask(client: CheckedClient, details: str, **typed: str) -> str:
    """Type the details, say that e-mail is safe, send it, and return the address of the page that asks for the code."""
    contact = client.submit(details, {**TYPED, **typed}, action="/details").location
    check = client.submit(contact, {"safe_contact": "email"}, action="/contact").location
    return str(client.submit(check, {}, action="/check").location)


def mailed(app: Flask) -> tuple[str, str]:
    """Return the token and the code of the newest mail that asks for proof."""
    with app.app_context():
        context = db.session.scalars(
            select(OutboxMessage.context)
            .where(OutboxMessage.template == "booking_request")
            .order_by(OutboxMessage.id.desc())
        ).first()
    assert context is not None
    return context["request_link"], context["code_secret"]


def heading(text: str) -> str:
    """Return the page's h1."""
    found = re.search(r"<h1>(?:<[^>]+>)?([^<]+)", text)
    return found[1] if found else ""
