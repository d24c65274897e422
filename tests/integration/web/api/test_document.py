"""Schemathesis holds the API against its own document: signed out and with each scope, good and bad requests.

The same requests every time, and few of them: the profile derandomizes, and nothing is shrunk or remembered.
"""

import copy
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select, update

from practice.db import unit_of_work
from practice.models import Appointment, Attendance, Client
from practice.web.api.openapi import OPERATIONS, document
from tests.support.cast import MONDAY, Cast, at
from tests.support.meetings import Program, meeting

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW, MANY = 3, 16
CLIENTS, PLACES = ["alice", "charlie"], ["place-1", "place-2", "place-3", "place-4"]
REAL = {
    "id": PLACES,
    "service": ["individual", "consultation", "couple", "move-and-play", "nothing"],
    "therapist": ["bob", "bea", "nobody"],
    "starts_at": [f"2026-11-{day}T{hour}:00:00-05:00" for day in (20, 23, 24, 25, 28) for hour in (11, 14, 20)],
}


def with_real_values() -> dict[str, Any]:
    """Return the document with names and times that exist instead of patterns, so that much of it can be meant."""
    described = copy.deepcopy(document())
    schemas = described["components"]["schemas"]
    for name in ("AppointmentWish", "AppointmentChange"):
        properties = schemas[name]["properties"]
        properties |= {field: {"type": "string", "enum": REAL[field]} for field in properties.keys() & REAL.keys()}
    schemas["KnownClient"]["properties"]["id"] = {"type": "string", "enum": CLIENTS}
    for path in described["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in REAL:
                    parameter["schema"] = {"type": "string", "enum": REAL[parameter["name"]]}
    return described


def run(app: Flask, described: dict[str, Any], mode: GenerationMode, token: str | None, examples: int) -> Counter[int]:
    """Send what the document lets one think of, hold each answer against it, and return how often which status came."""
    schema = schemathesis.openapi.from_dict(described)
    schema.app = app
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body or operation.path_parameters):
            continue

        @settings(
            max_examples=examples, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            case.headers.pop("Authorization", None)
            response = case.call(headers=headers)
            statuses[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        check()
    return statuses


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_answer_is_one_that_the_document_names(
    app: Flask, people: Cast, tokens: dict[str, str], mode: GenerationMode
) -> None:
    described = document()
    answered = run(app, described, mode, None, FEW)
    assert set(answered) <= {200, 401, 404, 422}
    for scope in ("slots:read", "appointments:write", "feeds:write"):
        answered |= run(app, described, mode, tokens[scope], FEW)
    answered |= run(app, described, mode, tokens["all"], MANY)
    assert {401, 403, 404, 422} <= set(answered)


def test_requests_that_can_be_meant_are_answered_as_the_document_says(
    app: Flask, program: Program, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        for party, client in zip((people.alice, people.charlie), CLIENTS, strict=True):
            session.execute(update(Client).where(Client.id == party.id).values(public_id=client))
        for day, place in enumerate(PLACES):
            starts_at = at(MONDAY + timedelta(days=7 + day), 10)
            made = meeting(session, people, starts_at, lead="bea", is_online=True)
            mine = select(Appointment.id).where(Appointment.public_id == made.public_id).scalar_subquery()
            session.execute(update(Attendance).where(Attendance.appointment_id == mine).values(public_id=place))
    described = with_real_values()
    answered = run(app, described, GenerationMode.POSITIVE, program.token, 2 * MANY)
    assert {200, 201, 404, 409, 422} <= set(answered), answered


def test_the_document_is_whole(http: FlaskClient) -> None:
    given_out = http.get("/api/v1/openapi.json").json
    assert given_out == document()
    assert given_out["openapi"] == "3.1.0"
    for operation in OPERATIONS:
        responses = given_out["paths"][operation.path][operation.method]["responses"]
        always = {"400", "405", "413", "429", "500", "503"}
        assert always | {str(operation.status), *map(str, operation.problems)} == set(responses)
        assert (operation.scope is None) == ({} in given_out["paths"][operation.path][operation.method]["security"])


def test_the_document_names_every_route(app: Flask) -> None:
    routes = {
        (method.lower(), rule.rule.removeprefix("/api/v1").replace("<public_id>", "{id}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(each.method, each.path) for each in OPERATIONS} | {("get", "/openapi.json")}
