"""The part of JSON Schema that our schemas use, as editors apply it."""

import re
from collections.abc import Iterator
from typing import Any

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "default", "format", "type",
    "enum", "const", "pattern", "minimum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
    "required", "properties", "patternProperties", "additionalProperties", "items",
}  # fmt: skip


def errors(schema: Any, value: Any, root: Any = None, path: str = "") -> Iterator[str]:
    root = root or schema
    if schema is True:
        return
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        yield from errors(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, path)
    yield from _one_value(schema, value, path)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from errors(schema.get("items", True), item, root, f"{path}/{index}")
    if isinstance(value, dict):
        yield from (
            f"{path}: lacks {key}" for key in schema.get("required", ()) if key not in value
        )
        for key, item in value.items():
            yield from _entry(schema, key, item, root, f"{path}/{key}")


def _one_value(schema: Any, value: Any, path: str) -> Iterator[str]:
    kinds = schema.get("type", list(_KINDS))
    allowed = tuple(
        kind for name in ([kinds] if isinstance(kinds, str) else kinds) for kind in _KINDS[name]
    )
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        yield f"{path}: not {kinds}"
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: not in the list"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: not like {schema['pattern']}"
    if isinstance(value, (int, float)) and not _within(schema, value):
        yield f"{path}: out of bounds"


def _within(schema: Any, value: float) -> bool:
    most = schema.get("exclusiveMaximum", float("inf"))
    least, above = schema.get("minimum", value), schema.get("exclusiveMinimum", float("-inf"))
    return bool(least <= value < most and above < value)


def _entry(schema: Any, key: str, item: Any, root: Any, path: str) -> Iterator[str]:
    ways = [schema["properties"][key]] if key in schema.get("properties", {}) else []
    patterns = schema.get("patternProperties", {})
    ways += [way for pattern, way in patterns.items() if re.search(pattern, key)]
    if not ways and (rest := schema.get("additionalProperties", True)) is False:
        yield f"{path}: unknown key"
    elif not ways:
        ways = [rest]
    for way in ways:
        yield from errors(way, item, root, path)
