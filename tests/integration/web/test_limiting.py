"""How often a stranger may ask."""

from flask import Flask
from flask.testing import FlaskClient
from limits import parse

from tests.support.cast import Cast
from tests.support.meetings import Program

AWAY = {"REMOTE_ADDR": "192.0.2.7"}


def test_a_stranger_who_asks_too_often_is_told_to_wait(app: Flask, http: FlaskClient, people: Cast) -> None:
    app.extensions["stranger_limit"] = parse("3/hour")
    answers = [http.get("/api/v1/services", environ_base=AWAY) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json["code"] == "too_many_tries"
    assert answers[-1].headers["Retry-After"] == "3600"
    assert http.get("/api/v1/services", environ_base={"REMOTE_ADDR": "192.0.2.8"}).status_code == 200
    assert http.get("/healthz", environ_base=AWAY).status_code == 200


def test_who_is_behind_a_proxy_is_counted_by_what_it_says(app: Flask, http: FlaskClient, people: Cast) -> None:
    app.extensions["stranger_limit"] = parse("1/hour")

    def ask(forwarded: str) -> int:
        return http.get("/api/v1/services", headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask("198.51.100.1, 192.0.2.7"), ask("198.51.100.2, 192.0.2.7"), ask("192.0.2.8")] == [200, 429, 200]


def test_programs_with_a_token_and_the_machine_itself_are_not_counted(
    app: Flask, http: FlaskClient, program: Program
) -> None:
    app.extensions["stranger_limit"] = parse("1/hour")
    assert [http.get("/api/v1/services").status_code for _ in range(3)] == [200, 200, 200]
    headers = {"Authorization": f"Bearer {program.token}"}
    told = [http.get("/api/v1/services", environ_base=AWAY, headers=headers).status_code for _ in range(3)]
    assert told == [200, 200, 200]
