"""JSON as RFC 8259 has it, and nothing that Python would wave through besides."""

import json
from typing import Any, NoReturn, TypeAlias

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


class NotJsonError(ValueError):
    """Says what is wrong with the text and where; caught within the core."""


def parse_json(body: bytes) -> Json:
    """UTF-8 only (RFC 8259 §8.1; a byte order mark is forgiven, as the section allows).

    Refuses NaN and Infinity (§6), repeated names (§4: receivers disagree about which one wins)
    and nesting that is too deep to be a document.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"not UTF-8: byte {error.start} is 0x{body[error.start]:02x}") from error
    if not text.strip():
        raise NotJsonError("the body is empty")
    return _parse(text)


def _parse(text: str) -> Json:
    try:
        parsed: Json = json.loads(
            text, object_pairs_hook=_unique_names, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise NotJsonError(f"{error.msg} at {place}") from error
    except RecursionError as error:
        raise NotJsonError("nested too deeply") from error
    except NotJsonError:
        raise
    except ValueError as error:  # an integer of more digits than Python converts
        raise NotJsonError("a number has too many digits") from error
    return parsed


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name, value in pairs:
        if name in names:
            raise NotJsonError(f"the name {name!r} is given twice")
        names[name] = value
    return names


def _refuse_constant(constant: str) -> NoReturn:
    raise NotJsonError(f"{constant} is not JSON")


def describe(value: Json) -> str:
    """What a JSON value is, in words for an operator."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"
