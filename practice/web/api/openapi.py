"""The OpenAPI 3.1 document, assembled from the schemas and one table of operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from practice.web.api import schemas
from practice.web.api.schemas import ID_PATTERN, KEY_PATTERN, SLUG_PATTERN
from practice.web.api.zones import zones

PROBLEM = "application/problem+json"
REF = "#/components/schemas/{model}"
ALWAYS = (400, 405, 413, 429, 500, 503)
MEANINGS: Mapping[int, str] = {
    400: "What was sent could not be read.",
    401: "A token is needed, or the one that was sent is not good.",
    403: "The token lacks the scope that this needs.",
    404: "There is nothing there.",
    405: "This address cannot be used that way.",
    409: "The time was won by somebody else (`slot_taken`, with other times), or the session has changed.",
    413: "What was sent is too large.",
    415: "The body is not JSON.",
    422: "Something that was sent cannot be used (`validation`, `not_offered`, `idempotency_key_reused`).",
    429: "Too many requests in a short time.",
    500: "Something went wrong on our side.",
    503: "The service is very busy; trying again is right.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gets the same answer, and books once.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done; ``scope`` is None where everybody may."""

    method: str
    path: str
    id: str
    summary: str
    gives: type[BaseModel]
    status: int = 200
    takes: type[BaseModel] | None = None
    scope: str | None = None
    parameters: tuple[dict[str, Any], ...] = ()
    problems: tuple[int, ...] = ()


def _query(name: str, description: str, *, required: bool, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


SLOT_PARAMETERS = (
    _query("service", "A service's slug.", required=True, type="string", pattern=SLUG_PATTERN),
    _query(
        "therapist", "A therapist's slug; without it, everybody.", required=False, type="string", pattern=SLUG_PATTERN
    ),
    _query("from", "The first date, in `tz`.", required=True, type="string", format="date"),
    _query("to", "The last date, in `tz`: at most 92 days in all.", required=True, type="string", format="date"),
    _query("tz", "An IANA time zone; the practice's without it.", required=False, type="string", enum=sorted(zones())),
    _query(
        "duration",
        "One of the service's `durations`, in minutes; its own length without it.",
        required=False,
        type="integer",
        minimum=5,
        maximum=720,
    ),
)
APPOINTMENT_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a session.",
    "schema": {"type": "string", "pattern": ID_PATTERN},
}
OPERATIONS = (
    Operation("get", "/services", "listServices", "All services", schemas.ServiceList, problems=(401, 422)),
    Operation("get", "/therapists", "listTherapists", "All therapists", schemas.TherapistList, problems=(401, 422)),
    Operation(
        "get",
        "/slots",
        "listSlots",
        "Times that can be booked now",
        schemas.SlotList,
        parameters=SLOT_PARAMETERS,
        problems=(401, 404, 422),
    ),
    Operation(
        "post",
        "/appointments",
        "bookAppointment",
        "Book a session for a client, or for somebody new",
        schemas.AppointmentItem,
        status=201,
        takes=schemas.AppointmentWish,
        scope="appointments:write",
        parameters=(IDEMPOTENCY_KEY,),
        problems=(401, 403, 404, 409, 415, 422),
    ),
    Operation(
        "get",
        "/appointments/{id}",
        "showAppointment",
        "One session",
        schemas.AppointmentItem,
        scope="appointments:write",
        parameters=(APPOINTMENT_ID,),
        problems=(401, 403, 404, 422),
    ),
    Operation(
        "patch",
        "/appointments/{id}",
        "moveAppointment",
        "Move a session to another time",
        schemas.AppointmentItem,
        takes=schemas.AppointmentChange,
        scope="appointments:write",
        parameters=(APPOINTMENT_ID,),
        problems=(401, 403, 404, 409, 415, 422),
    ),
    Operation(
        "delete",
        "/appointments/{id}",
        "cancelAppointment",
        "Cancel a session; it stays to be seen",
        schemas.AppointmentItem,
        scope="appointments:write",
        parameters=(APPOINTMENT_ID,),
        problems=(401, 403, 404, 409, 422),
    ),
    Operation(
        "post",
        "/feeds",
        "createFeed",
        "Make a calendar link",
        schemas.FeedLink,
        status=201,
        takes=schemas.FeedWish,
        scope="feeds:write",
        problems=(401, 403, 404, 409, 415, 422),
    ),
)


_LINKS = {
    name: {"operationId": name, "parameters": {"id": "$response.body#/id"}}
    for name in ("showAppointment", "moveAppointment", "cancelAppointment")
}


@cache
def document() -> dict[str, Any]:
    """Return the whole document."""
    bodies = {operation.gives for operation in OPERATIONS} | {schemas.Problem}
    _, given = models_json_schema([(body, "serialization") for body in bodies], ref_template=REF)
    wishes = {operation.takes for operation in OPERATIONS if operation.takes}
    _, taken = models_json_schema([(body, "validation") for body in wishes], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {"/openapi.json": {"get": _own_operation()}}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Foundations booking", "version": "1", "description": schemas.__doc__},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": taken["$defs"] | given["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": list(operation.parameters),
        "responses": {str(operation.status): _answer("The answer.", operation.gives, "application/json")}
        | _problems(operation.problems),
        # OpenAPI 3.1 lets every kind of scheme name what is needed; an empty entry means that no token is, too.
        "security": [{"token": [operation.scope]}] if operation.scope else [{}, {"token": []}],
    }
    if operation.status == 201 and operation.gives is schemas.AppointmentItem:
        found["responses"]["201"]["links"] = _LINKS
    if operation.takes is not None:
        schema = {"$ref": REF.format(model=operation.takes.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _own_operation() -> dict[str, Any]:
    schema = {"type": "object", "required": ["openapi", "info", "paths"]}
    answer = {"description": "The document.", "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": "showDocument",
        "summary": "This document",
        "responses": {"200": answer} | _problems((401, 422)),
        "security": [{}, {"token": []}],
    }


def _problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): _answer(MEANINGS[status], schemas.Problem, PROBLEM) for status in sorted({*ALWAYS, *statuses})}


def _answer(description: str, body: type[BaseModel], content_type: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(model=body.__name__)}
    return {"description": description, "content": {content_type: {"schema": schema}}}
