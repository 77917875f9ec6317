"""What a webhook of Flagger asks: whose environment, and which builds are about to be deployed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.question import CandidateWanted
from skewcheck.core.strict_json import Json, NotJsonError, describe, parse_json

_EXAMPLE = (
    '{"name": "backend", "namespace": "staging", "phase": "Progressing", "metadata":'
    ' {"environment": "staging", "candidates": "backend=<commit>"}}'
)
# Only commits: a ref would be read anew and may move, and a URL would have us call it.
_COMMIT = re.compile(r"[0-9a-fA-F]{7,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    environment: str
    candidates: tuple[CandidateWanted, ...] = ()


class PayloadError(ValueError):
    """Names the key and the value; caught within the service."""

    hint = f"send {_EXAMPLE}"


def read_payload(body: bytes) -> Asked:
    """Raises PayloadError. Keys that Flagger adds one day are left alone."""
    try:
        payload = parse_json(body)
    except NotJsonError as error:
        raise PayloadError(f"the body is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise PayloadError(f"the body is {describe(payload)}, not an object")
    metadata = payload.get("metadata")
    if not isinstance(metadata, dict | None):
        raise PayloadError(f"metadata is {describe(metadata)}, not an object")
    known = metadata or {}
    environment = _text("metadata.environment", known.get("environment"))
    environment = environment or _text("namespace", payload.get("namespace"))
    if not environment:
        raise PayloadError("neither metadata.environment nor namespace names an environment")
    written = _text("metadata.candidates", known.get("candidates"))
    return Asked(environment=environment, candidates=_candidates(written))


def _text(key: str, value: Json) -> str:
    if not isinstance(value, str | None):
        raise PayloadError(f"{key} is {describe(value)}, not text")
    return (value or "").strip()


def _candidates(written: str) -> tuple[CandidateWanted, ...]:
    wanted = tuple(_each(written)) if written else ()
    if len({each.service for each in wanted}) != len(wanted):
        raise PayloadError(f"metadata.candidates {written!r} names a service twice")
    return wanted


def _each(written: str) -> Iterator[CandidateWanted]:
    for part in written.split(","):
        service, _, commit = (word.strip() for word in part.partition("="))
        if not service or not _COMMIT.fullmatch(commit):
            raise PayloadError(
                f"metadata.candidates {written!r}: {part.strip()!r} is not SERVICE=COMMIT"
                " (7 to 40 digits)"
            )
        yield CandidateWanted(service=service, named=commit.lower())
