"""pydantic's errors as sentences for the person who wrote the file."""

import re
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.documents.problems import Path, shown

_A_LIST = "wants a list, such as [a, b]"
_KEYS = "wants keys and values below it"
_TEXTS = {
    "missing": "missing",
    "string_type": "wants one value here",
    "string_too_short": "empty",
    "tuple_type": _A_LIST,
    "model_type": _KEYS,
    "dict_type": _KEYS,
}
_WITHOUT_VALUE = {"missing", "extra_forbidden", "string_too_short"}
_QUOTED = re.compile("'([^']*)'")


def explain(error: ErrorDetails, model: type[BaseModel]) -> str:
    """What is wrong, what was written, and what was probably meant."""
    written = error["input"]
    got = f" (got {shown(written)})" if isinstance(written, str) and written else ""
    if error["type"] in _WITHOUT_VALUE:
        got = ""
    return _sentence(error, model) + got


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"], model)
    if kind == "literal_error":
        return _not_one_of(error)
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return _TEXTS.get(kind, error["msg"])


def _unknown_key(path: Path, model: type[BaseModel]) -> str:
    key = str(path[-1])
    return f"unknown key {_ticked(key)}{did_you_mean(key, known_keys(model, path[:-1]))}"


def _ticked(key: str) -> str:
    return f"`{key}`" if key.isprintable() and len(key) <= 60 else shown(key)


def _not_one_of(error: ErrorDetails) -> str:
    words = _QUOTED.findall(error["ctx"]["expected"])
    near = did_you_mean(error["input"], words) if isinstance(error["input"], str) else ""
    choice = ", ".join(f"`{word}`" for word in words)
    return f"not {'one of ' if len(words) > 1 else ''}{choice}{near}"


def known_keys(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys that the mapping at `path` may have; it must be one with fixed keys."""
    kind: Any = model
    for step in path:
        kind = _below(kind, step)
    return tuple(info.alias or name for name, info in kind.model_fields.items())


def _below(kind: Any, step: str | int) -> Any:
    if _is_model(kind):
        fields: Mapping[str, Any] = kind.model_fields
        named = {info.alias or name: info.annotation for name, info in fields.items()}
        return _bare(named[str(step)])
    return _bare(get_args(kind)[1 if get_origin(kind) is dict else 0])


def _bare(kind: Any) -> Any:
    """Without `Annotated` and `| None`."""
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(each for each in get_args(kind) if each is not type(None)))
    return _bare(kind.__origin__) if hasattr(kind, "__metadata__") else kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
