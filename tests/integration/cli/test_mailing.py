"""What the practice's messages say."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.adapters.mail import compose
from practice.cli.mailing import write_letter
from practice.db import db, unit_of_work
from practice.models import Appointment, Attendance, Client
from practice.services import messages
from practice.services.outbox import claim_due
from tests.support.demo import SMALL

TEMPLATES = (
    "accepted",
    "booked",
    "booking_request",
    "cancelled",
    "declined",
    "invitation",
    "lapsed",
    "moved",
    "requested",
    "set_password",
    "sign_in_link",
    "to_decide",
)


def written(app: Flask, template: str, **context: str) -> EmailMessage:
    """Return the message of a template, as the worker would send it."""
    with app.app_context():
        with unit_of_work() as session:
            messages.post(session, template, "robin@example.test", now=SMALL.now, **context)
        with unit_of_work() as session:
            (claimed,) = claim_due(session, now=SMALL.now)
        return compose(write_letter(app, claimed))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def a_session(app: Flask, *, is_online: bool) -> str:
    """Return the public id of a session of the demo practice that is to come."""
    with app.app_context():
        wanted = select(Appointment.public_id).where(
            Appointment.starts_at > SMALL.now + timedelta(days=3),
            Appointment.status == "booked",
            Appointment.capacity == 1,
        )
        kind = wanted.where(Appointment.location_id.is_(None) if is_online else Appointment.location_id.is_not(None))
        public_id = db.session.scalar(kind.order_by(Appointment.starts_at))
    assert public_id is not None
    return public_id


def place_in(app: Flask, appointment: str) -> tuple[str, str]:
    """Return the public ids of a place in a session, and of whose it is."""
    with app.app_context():
        row = db.session.execute(
            select(Attendance.public_id, Client.public_id)
            .join(Client, Client.id == Attendance.client_id)
            .join(Appointment, Appointment.id == Attendance.appointment_id)
            .where(Appointment.public_id == appointment)
            .order_by(Attendance.id)
        ).first()
    assert row is not None
    return row[0], row[1]


def test_a_booking_says_when_where_with_whom_and_until_when_it_can_be_cancelled(demo_app: Flask) -> None:
    public_id = a_session(demo_app, is_online=False)
    attendance, client = place_in(demo_app, public_id)
    message = written(demo_app, "booked", appointment=public_id, client=client)
    text = text_of(message)
    assert message["Subject"].startswith("Your session on Saturday 28 November, ")
    assert message["From"] == "Foundations Therapy <hello@foundations.test>"
    for words in ("New York time", "with ", "Brooklyn, NY 11201", "free of charge until Friday 27 November,", "$60"):
        assert words in text
    assert f"http://127.0.0.1:8000/me/sessions/{attendance}\n" in text
    assert "988" in text
    assert f'/me/sessions/{attendance}"' in text_of(message, "html")


def test_an_online_session_names_no_place(demo_app: Flask) -> None:
    text = text_of(written(demo_app, "moved", appointment=a_session(demo_app, is_online=True)))
    assert "Your session has a new time." in text
    assert "You meet online." in text


def test_a_request_carries_its_code(demo_app: Flask) -> None:
    message = written(demo_app, "booking_request", code_secret="123456", request_link="the-token")
    assert "\n123456\n" in text_of(message)
    assert "http://127.0.0.1:8000/book/confirm/the-token\n" in text_of(message)
    assert "123456" not in message["Subject"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_message_is_complete_whatever_it_is_about(demo_app: Flask, template: str) -> None:
    message = written(demo_app, template, link="http://127.0.0.1:8000/link", code_secret="123456", request_link="token")
    for kind in ("plain", "html"):
        text = text_of(message, kind)
        assert "Foundations Therapy" in text
        assert "None" not in text
        assert "Individual session" not in text
    assert len(message["Subject"]) > 10


def test_what_is_asked_for_is_told_as_what_it_is(demo_app: Flask) -> None:
    with demo_app.app_context():
        wanted = select(Appointment.public_id).where(Appointment.status == "requested").order_by(Appointment.starts_at)
        public_id = db.session.scalars(wanted.limit(1)).one()
    _, client = place_in(demo_app, public_id)
    told = {
        template: text_of(written(demo_app, template, appointment=public_id, client=client, reason="talk"))
        for template in ("requested", "declined", "lapsed")
    }
    for words in ("It is not booked yet", "You hear from us by ", "Taking it back costs nothing."):
        assert words in told["requested"]
    assert "We would like to talk with you first" in told["declined"]
    assert "was not answered in time. That was on our side, not yours." in told["lapsed"]
    for text in told.values():
        assert "session is booked" not in text
    letter = text_of(written(demo_app, "to_decide", decision="abc"))
    assert "/therapist/decisions/abc" in letter


def test_a_mail_says_the_fee_that_was_agreed_with_its_client(demo_app: Flask) -> None:
    public_id = a_session(demo_app, is_online=False)
    _, client = place_in(demo_app, public_id)
    for values, words in (({"agreed_fee_cents": 2500}, "the fee is $25"), ({"no_late_fees": True}, "free of charge")):
        with demo_app.app_context(), unit_of_work() as session:
            session.execute(update(Client).where(Client.public_id == client).values(**values))
        text = text_of(written(demo_app, "booked", appointment=public_id, client=client))
        assert words in text
    assert "the fee is" not in text
