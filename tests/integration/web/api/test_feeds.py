"""Making calendar links by programs."""

import icalendar
from flask.testing import FlaskClient

from tests.support.cast import Cast
from tests.support.meetings import Program


def test_a_link_is_made_for_each_kind_and_can_be_read(http: FlaskClient, program: Program, people: Cast) -> None:
    for body in (
        {"kind": "therapist", "owner": "bob", "level": "initials", "name": "Bob's week"},
        {"kind": "client", "owner": people.alice.public_id, "level": "appointment", "name": "My sessions"},
        {"kind": "practice", "owner": None, "level": "busy", "name": "The practice"},
    ):
        answer = program.ask("POST", "/feeds", body)
        assert answer.status_code == 201
        url = answer.json["url"]
        assert url.startswith("http://127.0.0.1")
        calendar = icalendar.Calendar.from_ical(http.get(url.partition("8000")[2]).data)
        assert calendar["X-WR-CALNAME"] == body["name"]
    one, other = (program.ask("POST", "/feeds", body).json["url"] for _ in range(2))
    assert one != other


def test_what_a_link_cannot_be_is_refused(program: Program, people: Cast) -> None:
    alice = people.alice.public_id
    for body, status in (
        ({"kind": "therapist", "owner": "nobody"}, 404),
        ({"kind": "client", "owner": "bob"}, 404),
        ({"kind": "client"}, 404),
        ({"kind": "client", "owner": alice, "level": "initials"}, 422),
        ({"kind": "therapist", "owner": "bob", "level": "full"}, 422),
        ({"kind": "therapist", "owner": "bob", "level": "appointment"}, 422),
        ({"kind": "everyone"}, 422),
        ({"kind": "therapist", "owner": "bob", "name": "a\r\nb"}, 422),
        ({"kind": "therapist", "owner": "a\x00b"}, 422),
        ({"kind": "therapist", "owner": "bob", "token": "mine"}, 422),
        ({}, 422),
    ):
        answer = program.ask("POST", "/feeds", body)
        assert answer.status_code == status, body
