"""The words that descriptions of routes are made of."""

from collections.abc import Sequence

from skewcheck.render.machine.observations import Json
from skewcheck.render.machine.probes import JsonObject

NAME: Sequence[Json] = [
    {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "An environment: the name of its manifest.",
        "schema": {"type": "string"},
    }
]


def bytes_of(kind: str, told: str) -> JsonObject:
    return {"description": told, "content": {kind: {"schema": {"type": "string"}}}}


def json_of(schema: str, told: str, *, text: bool = False) -> JsonObject:
    """`text` where it is told in plain lines unless JSON is asked for."""
    content: JsonObject = {"application/json": {"schema": _of(schema)}}
    if text:
        content["text/plain"] = {"schema": {"type": "string"}}
    return {"description": told, "content": content}


def get(told: str, responses: JsonObject, parameters: Sequence[Json] = ()) -> JsonObject:
    return {"get": _operation(told, responses, parameters)}


def post(
    told: str, schema: str, responses: JsonObject, *, kind: str = "application/json"
) -> JsonObject:
    body: JsonObject = {"required": True, "content": {kind: {"schema": _of(schema)}}}
    wrong: JsonObject = {
        "400": {"$ref": "#/components/responses/Wrong"},
        "404": {"$ref": "#/components/responses/NotThere"},
        "413": {"$ref": "#/components/responses/TooLong"},
    }
    return {"post": {"requestBody": body, **_operation(told, {**wrong, **responses})}}


def _operation(told: str, responses: JsonObject, parameters: Sequence[Json] = ()) -> JsonObject:
    always: JsonObject = {"401": {"$ref": "#/components/responses/NotLetIn"}}
    if parameters:
        always["404"] = {"$ref": "#/components/responses/NotThere"}
        return {"summary": told, "parameters": parameters, "responses": {**always, **responses}}
    return {"summary": told, "responses": {**always, **responses}}


def _of(schema: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{schema}"}


PROBLEMS: JsonObject = {
    "Wrong": json_of("Problem", "What was sent cannot be read; the key is named.", text=True),
    "NotLetIn": json_of("Problem", "Nobody vouches for the visitor; why is told.", text=True),
    "NotThere": json_of("Problem", "No such environment; those there are, are told.", text=True),
    "TooLong": json_of("Problem", "The body is longer than any that makes sense.", text=True),
}
