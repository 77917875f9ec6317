"""From a tree of texts to the plain values that the models validate.

Everything stays text, except where a `Grammar` says that JSON is meant: there plain scalars get
their YAML 1.2 core-schema type. Keys that begin with `x-` are dropped, except within JSON.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Reads
from dataclasses import dataclass, field
from typing import Any

from skewcheck.core.documents.located_yaml import Flaw, Listing, Mapping, Node, Scalar
from skewcheck.core.documents.problems import Path

EMPTY = "empty value; write one, or remove the key"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BASES = {"0o": 8, "0x": 16}
_LARGEST_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Grammar:
    """Where JSON is meant, and what an empty value stands for where it is allowed."""

    json_at: frozenset[Path] = frozenset()
    empty_at: Reads[Path, Callable[[], Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Plainer:
    """Turns nodes into values; collects flaws and goes on, so that all are told at once."""

    grammar: Grammar
    flaws: list[Flaw] = field(default_factory=list)

    def value(self, node: Node, path: Path = ()) -> Any:
        if path in self.grammar.json_at:
            return self._json(node, path)
        if isinstance(node, Scalar):
            return self._text(node, path)
        if isinstance(node, Listing):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.items)]
        return {
            key: self.value(entry.value, (*path, key))
            for key, entry in node.entries.items()
            if not key.startswith("x-")
        }

    def _text(self, node: Scalar, path: Path) -> Any:
        if found := _CONTROL.search(node.text):
            self._flaw(node, path, f"control character U+{ord(found[0]):04X}")
        if node.text or not node.plain:
            return node.text
        stands_for = self.grammar.empty_at.get(_pattern(path))
        if stands_for is None:
            self._flaw(node, path, EMPTY)
            return None
        return stands_for()

    def _json(self, node: Node, path: Path) -> Any:
        if isinstance(node, Mapping):
            for key in filter(_SURROGATE.search, node.entries):
                self._flaw(node, path, f"half a surrogate pair in the key {key!r}")
            return {
                key: self._json(entry.value, (*path, key)) for key, entry in node.entries.items()
            }
        if isinstance(node, Listing):
            return [self._json(item, (*path, index)) for index, item in enumerate(node.items)]
        try:
            return core_value(node.text) if node.plain else _whole_text(node.text)
        except ValueError as error:
            self._flaw(node, path, str(error))
            return None

    def _flaw(self, node: Node, path: Path, problem: str) -> None:
        self.flaws.append(Flaw(node.place, path, problem))


def core_value(plain: str) -> bool | int | float | str | None:
    """What a plain scalar means in the YAML 1.2 core schema; ValueError where JSON has no such."""
    if not plain:
        raise ValueError('empty value; write null or ""')
    if plain in _WORDS:
        return _WORDS[plain]
    if _INTEGER.fullmatch(plain):
        return _integer(plain)
    if _NOT_JSON.fullmatch(plain):
        raise ValueError(f"JSON has no {plain}; quote it if it is text")
    return _float(plain) if _FLOAT.fullmatch(plain) else _whole_text(plain)


def _integer(plain: str) -> int:
    digits, base = plain.lstrip("+-"), _BASES.get(plain[:2], 10)
    short = len(digits.lstrip("0ox")) <= 20
    number = int(plain, base) if short else _LARGEST_INTEGER + 1
    if abs(number) > _LARGEST_INTEGER:
        raise ValueError("beyond ±(2^53-1), where JSON readers disagree; quote it")
    return number


def _float(plain: str) -> float:
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        raise ValueError("too large for a JSON number; quote it if it is text")
    return number


def _whole_text(written: str) -> str:
    if _SURROGATE.search(written):
        raise ValueError("half a surrogate pair; no JSON text can hold it")
    return written


def _pattern(path: Path) -> Path:
    """Grammars name the level below the first by `*`: `services.*.static`."""
    return (path[0], "*", *path[2:]) if len(path) > 2 else path
