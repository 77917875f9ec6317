"""What a running service says of the things it depends on, in the health documents in use.

Dockerflow's heartbeat, Spring's actuator, health+json and plain documents are read alike: a name,
somewhere, and words about it. Rule of this file: what is said in several places counts as its
worst, and what is not plainly said is unsaid.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from skewcheck.core.answer import Answer, HttpRead
from skewcheck.core.exposed.no_reading import is_html, look, require_answer, unreadable
from skewcheck.core.exposed.version_conventions import JsonObject
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.core.remote_text import shorten
from skewcheck.core.strict_json import Json, NotJsonError, describe, parse_json

State: TypeAlias = Literal["available", "unavailable", "unsaid"]

_ILL = (500, 503)  # how a service says, with the same document, that a dependency is down
_HOLDERS = ("checks", "components", "dependencies", "details")
_WORDS = ("status", "state")
_FLAGS = ("healthy", "ok", "available")
_AVAILABLE = frozenset(
    (
        "ok", "up", "pass", "passed", "passing", "healthy", "available", "ready", "true", "warn",
        "warning", "running", "alive", "connected", "serving",
    )
)  # fmt: skip
_NO_ANSWER = ("", "unknown")  # Spring says UNKNOWN where a check cannot tell


@dataclass(frozen=True, slots=True)
class Dependency:
    """`said` are the service's own words, empty where it has none for that name."""

    name: str
    state: State
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`states` are those of the required names, in their order; `status` that of the answer."""

    url: str
    status: int
    states: tuple[Dependency, ...]
    read_at: datetime


def read_health(read: HttpRead, requires: Sequence[str]) -> Health | Unreadable:
    """What the answer says of each required dependency, or why it says nothing at all."""
    answer = require_answer(read, absent=Code.EVIDENCE_MISSING)
    if isinstance(answer, Answer):
        said = _parse(answer)
        return _not_json(answer, said) if isinstance(said, str) else _health(answer, said, requires)
    if isinstance(read, Answer) and read.status in _ILL:
        said = _parse(read)
        if not isinstance(said, str):
            return _health(read, said, requires)
    # The cures are written for version documents; here another key of the manifest is meant.
    return replace(answer, fix=answer.fix.replace("version_path", "health.path"))


def _parse(answer: Answer) -> JsonObject | str:
    """The document, or what is wrong with it."""
    try:
        said = parse_json(answer.body)
    except NotJsonError as error:
        return shorten(str(error), limit=60)
    return said if isinstance(said, dict) else f"{describe(said)}, expected an object"


def _not_json(answer: Answer, problem: str) -> Unreadable:
    start = shorten(answer.body[:200].decode("utf-8", "replace").strip(), limit=50)
    if is_html(answer):
        fix = f"serve the health document before the fallback to index.html; {look(answer.url)}"
        return unreadable(answer, Code.HTML_INSTEAD_OF_JSON, f"HTML: {start}", fix)
    fix = f"serve JSON there, or set the service's health.path; {look(answer.url)}"
    return unreadable(answer, Code.NOT_JSON, shorten(f"{problem}: {start}"), fix)


def _health(answer: Answer, said: JsonObject, requires: Sequence[str]) -> Health:
    pairs = list(_pairs(said))
    return Health(
        url=answer.url,
        status=answer.status,
        states=tuple(_dependency(name, pairs) for name in requires),
        read_at=answer.read_at,
    )


def _pairs(said: JsonObject) -> Iterator[tuple[str, Json]]:
    """Every place where a dependency may be named, the document's own keys included."""
    for holder in _HOLDERS:
        held = said.get(holder)
        if isinstance(held, dict):
            # Texts among the details tell stories; only what has a status of its own is a state.
            yield from (
                (name, value)
                for name, value in held.items()
                if holder != "details" or isinstance(value, dict)
            )
    yield from said.items()


def _dependency(name: str, pairs: Sequence[tuple[str, Json]]) -> Dependency:
    exactly = [value for key, value in pairs if key == name]
    nearly = [value for key, value in pairs if key.casefold() == name.casefold()]
    words = [word for value in exactly or nearly for word in _words(value)]
    for state in ("unavailable", "unsaid", "available"):
        for word in words:
            if _state(word) == state:
                return Dependency(name, _state(word), _shown(word))
    return Dependency(name, "unsaid")


def _words(value: Json) -> Iterator[Json]:
    """What a value says outright; health+json has a list of measurements for each name."""
    entries: Iterable[Json] = value if isinstance(value, list) else (value,)
    for entry in entries:
        if isinstance(entry, dict):
            yield from (entry[key] for key in _WORDS if key in entry)
            yield from (entry[key] for key in _FLAGS if isinstance(entry.get(key), bool))
        else:
            yield entry


def _state(word: Json) -> State:
    if isinstance(word, bool):
        return "available" if word else "unavailable"
    if not isinstance(word, str) or word.strip().lower() in _NO_ANSWER:
        return "unsaid"
    return "available" if word.strip().lower() in _AVAILABLE else "unavailable"


def _shown(word: Json) -> str:
    if isinstance(word, bool):
        return "true" if word else "false"
    return shorten(word.strip()) if isinstance(word, str) else describe(word)
