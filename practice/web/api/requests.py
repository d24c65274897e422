"""Reads what programs send, strictly: what is unknown, doubled or malformed is a clear refusal."""

from collections.abc import Collection
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from practice.domain.errors import ValidationFailed

Body = TypeVar("Body", bound=BaseModel)

SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "This is not known here.",
    "string_pattern_mismatch": "This is not in the right form.",
}


def read_body(model: type[Body]) -> Body:
    """Return the request's JSON as ``model``.

    Raises UnsupportedMediaType for another type, BadRequest for what is no JSON, ValidationFailed for wrong fields.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        if any(item["type"] == "json_invalid" for item in found):
            raise BadRequest from None
        raise ValidationFailed(
            errors={_field(item["loc"]): SENTENCES.get(item["type"], item["msg"]) for item in found[:20]}
        ) from None


def read_query(known: Collection[str] = ()) -> dict[str, str]:
    """Return the query's parameters. Raises ValidationFailed for an unknown one or one that comes twice."""
    errors = {}
    for name, values in list(request.args.lists())[:20]:
        if name not in known:
            errors[name[:80]] = "This is not known here."
        elif len(values) > 1:
            errors[name] = "This can be given once."
    if errors:
        raise ValidationFailed(errors=errors)
    return request.args.to_dict()


def _field(location: tuple[int | str, ...]) -> str:
    """Name a field; the arm of a union that pydantic tried is nothing that the sender knows of."""
    return ".".join(str(part) for part in location if not str(part)[:1].isupper()) or "body"
