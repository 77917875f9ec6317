"""The filter language of Cloud Logging, as much of it as somebody who reads a service's log needs.

Comparisons (`=`, `!=`, `:`, `>=`, `<=`, `>`, `<`, `=~`), AND, OR, NOT, parentheses, `log_id("…")`.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import invalid

Test: TypeAlias = Callable[[Json], bool]
_TOKEN = re.compile(
    r'\s+|--[^\n]*|(?P<word>"(?:[^"\\]|\\.)*"|[\w.\-/%]+)|(?P<mark>>=|<=|!=|=~|!~|[=:<>()])'
)
_COMPARISONS = frozenset(("=", "!=", ":", ">=", "<=", ">", "<", "=~", "!~"))
_SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT")


def compiled(text: str) -> Test:
    """A test for entries; a filter that cannot be read is refused with 400."""
    tokens = list(_tokens(text))
    if not tokens:
        return lambda _entry: True
    parser = _Parser(tokens)
    test = parser.alternatives()
    if parser.peek():
        raise invalid(f"Unparseable filter: unexpected '{parser.peek()}'.")
    return test


class _Parser:
    """Recursive descent; in this language OR binds closer than AND."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def next(self) -> str:
        token = self.peek()
        if not token:
            raise invalid("Unparseable filter: it ends too early.")
        self._at += 1
        return token

    def alternatives(self) -> Test:
        tests = [self._either()]
        while self.peek() not in ("", ")"):
            if self.peek() == "AND":
                self.next()
            tests.append(self._either())
        return lambda entry: all(test(entry) for test in tests)

    def _either(self) -> Test:
        tests = [self._one()]
        while self.peek() == "OR":
            self.next()
            tests.append(self._one())
        return lambda entry: any(test(entry) for test in tests)

    def _one(self) -> Test:
        token = self.next()
        if token == "NOT":
            inner = self._one()
            return lambda entry: not inner(entry)
        if token == "(":
            inner = self.alternatives()
            self._expect(")")
            return inner
        if token == "log_id":
            self._expect("(")
            wanted = quote(_unquoted(self.next()), safe="")
            self._expect(")")
            return lambda entry: str(entry["logName"]).endswith(f"/logs/{wanted}")
        return self._comparison(token)

    def _comparison(self, path: str) -> Test:
        if self.peek() not in _COMPARISONS:
            wanted = _unquoted(path).lower()
            return lambda entry: wanted in str(entry).lower()
        operator = self.next()
        values = self._values()
        return lambda entry: any(_holds(_field(entry, path), operator, v) for v in values)

    def _values(self) -> list[str]:
        if self.peek() != "(":
            return [_unquoted(self.next())]
        self.next()
        values = []
        while self.peek() != ")":
            token = self.next()
            if token != "OR":
                values.append(_unquoted(token))
        self.next()
        return values

    def _expect(self, mark: str) -> None:
        if (found := self.next()) != mark:
            raise invalid(f"Unparseable filter: expected '{mark}', found '{found}'.")


def _tokens(text: str) -> Iterable[str]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise invalid(f"Unparseable filter: unexpected character {text[at]!r}.")
        if token := found["word"] or found["mark"]:
            yield token
        at = found.end()


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token


def _field(entry: Json, path: str) -> Any:
    value: Any = entry
    for part in path.split("."):
        value = value.get(_unquoted(part)) if isinstance(value, dict) else None
    return value


def _holds(value: Any, operator: str, wanted: str) -> bool:
    if value is None:
        return operator in ("!=", "!~")
    match operator:
        case ":":
            return wanted == "*" or wanted.lower() in str(value).lower()
        case "=~":
            return re.search(wanted, str(value)) is not None
        case "!~":
            return re.search(wanted, str(value)) is None
        case "=":
            return str(value).lower() == wanted.lower()
        case "!=":
            return str(value).lower() != wanted.lower()
        case _:
            return _ordered(_comparable(value), operator, _comparable(wanted))


def _ordered(left: Any, operator: str, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if operator.startswith(">"):
        return bool(left > right or (operator == ">=" and left == right))
    return bool(left < right or (operator == "<=" and left == right))


def _comparable(value: Any) -> Any:
    """Severities by rank, times as moments, numbers as numbers, else text."""
    text = str(value)
    if text in _SEVERITIES:
        return _SEVERITIES.index(text)
    for read in (float, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text
