"""Plain documents as block-style YAML, enough for the files of the demo world."""

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_/.-]*|[0-9]+[smh]?")
_NOT_STRINGS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def yaml_text(document: Mapping[str, Any], indent: int = 0) -> str:
    """Mappings as blocks, lists in one line, strings quoted where they must be."""
    lines = []
    for key, value in document.items():
        before = " " * indent + f"{_scalar(key)}:"
        if isinstance(value, Mapping) and value:
            lines.append(f"{before}\n{yaml_text(value, indent + 2)}")
        else:
            lines.append(f"{before} {_inline(value)}\n")
    return "".join(lines)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_STRINGS:
        return value
    return json.dumps(value)
