"""What a running service says of its own build, in any of the conventions that are in use.

Rule of this file: what is not understood is Unreadable with a cause and a cure, never a guess.
"""

from collections.abc import Iterable

from skewcheck.core.answer import Answer, HttpRead
from skewcheck.core.build import BuildName
from skewcheck.core.exposed.build_metrics import are_metrics, find_in_metrics
from skewcheck.core.exposed.caching import age_s, allows_storing
from skewcheck.core.exposed.candidates import choose_build
from skewcheck.core.exposed.no_reading import is_html, look, require_answer, unreadable
from skewcheck.core.exposed.protocol_claims import MalformedClaimError, read_claims
from skewcheck.core.exposed.version_conventions import (
    Found,
    JsonObject,
    find_in_json,
    is_dockerflow,
)
from skewcheck.core.findings import Code
from skewcheck.core.reading import DocumentReading, Unreadable, VersionDocument
from skewcheck.core.remote_text import shorten
from skewcheck.core.strict_json import Json, NotJsonError, describe, parse_json

KNOWN_PATHS: tuple[str, ...] = (
    "/__version__",
    "/version.json",
    "/version",
    "/_app/version.json",
    "/_nuxt/builds/latest.json",
    "/actuator/info",
    "/metrics",
)
_TELLING = (
    Code.PLACEHOLDER_BUILD,
    Code.NOT_JSON,
    Code.UNAUTHORIZED,
    Code.UNREACHABLE,
    Code.HTML_INSTEAD_OF_JSON,
    Code.NO_VERSION_DOCUMENT,
)


def read_version_document(read: HttpRead) -> DocumentReading:
    """The build that the answer names, or why it names none and what to do about it."""
    answer = require_answer(read, absent=Code.NO_VERSION_DOCUMENT)
    if isinstance(answer, Unreadable):
        return answer
    if is_html(answer):
        fix = f"serve the document before the fallback to index.html; {look(answer.url)}"
        return unreadable(answer, Code.HTML_INSTEAD_OF_JSON, f"HTML: {_start(answer)}", fix)
    text = answer.body.decode("utf-8-sig", "replace").lstrip()
    if are_metrics(text):
        return _document(answer, find_in_metrics(text), {})
    try:
        parsed = parse_json(answer.body)
    except NotJsonError as error:
        return _not_json(answer, f"{shorten(str(error), limit=60)}: {_start(answer)}")
    return _read_json(answer, parsed)


def most_telling(readings: Iterable[DocumentReading]) -> DocumentReading | None:
    """Of the readings of several known paths: the first document, else the plainest reason."""
    reasons: list[Unreadable] = []
    for reading in readings:
        if isinstance(reading, VersionDocument):
            return reading
        reasons.append(reading)
    return min(reasons, key=lambda reason: _TELLING.index(reason.cause), default=None)


def _read_json(answer: Answer, parsed: Json) -> DocumentReading:
    if parsed is None:
        return _placeholder(answer, "the whole document is null")
    if not isinstance(parsed, dict):
        return _not_json(answer, f"{describe(parsed)}, expected an object: {_start(answer)}")
    return _document(answer, find_in_json(parsed), parsed)


def _document(answer: Answer, found: Found, said: JsonObject) -> DocumentReading:
    choice = choose_build(found.candidates)
    if isinstance(choice, BuildName):
        build = BuildName(choice.build, choice.dirty or found.dirty)
        return _complete(answer, build, found, said)
    if choice is None:
        return _nameless(answer, said)
    if choice.contradictory:
        fix = f"name one build only; {look(answer.url)}"
        detail = shorten(f"contradicts itself: {choice.why}")
        return unreadable(answer, Code.NO_VERSION_DOCUMENT, detail, fix)
    return _placeholder(answer, choice.why)


def _complete(answer: Answer, build: BuildName, found: Found, said: JsonObject) -> DocumentReading:
    try:
        claims = read_claims(said.get("protocols"))
        environment = _environment(said)
    except MalformedClaimError as error:
        return _not_json(answer, shorten(str(error)))
    return VersionDocument(
        url=answer.url,
        build=build,
        convention=found.convention,
        read_at=answer.read_at,
        version=_line(said.get("version")) or _line(said.get("gitVersion")),
        environment=environment,
        protocols=claims,
        cacheable=shorten(allows_storing(answer.headers)),
        age_s=age_s(answer.headers),
    )


def _environment(said: JsonObject) -> str:
    """Said outright only: `env` means many things where the document is not ours."""
    key = "env" if is_dockerflow(said) and "environment" not in said else "environment"
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise MalformedClaimError(f"{key} is {describe(value)}, expected text")
    return _line(value)


def _line(value: Json) -> str:
    return shorten(value.strip()) if isinstance(value, str) else ""


def _nameless(answer: Answer, said: JsonObject) -> Unreadable:
    fix = f"add a commit to it, or set the service's version_path; {look(answer.url)}"
    detail = f"no build among the keys: {', '.join(said)}" if said else "names no build"
    return unreadable(answer, Code.NO_VERSION_DOCUMENT, shorten(detail), fix)


def _placeholder(answer: Answer, why: str) -> Unreadable:
    fix = f"pass the commit into the build (--build-arg, --define); {look(answer.url)}"
    return unreadable(answer, Code.PLACEHOLDER_BUILD, shorten(why), fix)


def _not_json(answer: Answer, detail: str) -> Unreadable:
    fix = f"serve JSON there, or set the service's version_path; {look(answer.url)}"
    return unreadable(answer, Code.NOT_JSON, shorten(detail), fix)


def _start(answer: Answer) -> str:
    return shorten(answer.body[:200].decode("utf-8", "replace").strip(), limit=50)
