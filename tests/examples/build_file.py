"""Reads a Cloud Build file as Cloud Build would, and finds what its schema alone lets through."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from google.cloud.devtools import cloudbuild_v1
from google.protobuf import json_format  # type: ignore[import-untyped]

Document: TypeAlias = dict[str, Any]

# "Substituting variable values": what every build has, and what triggers add.
BUILT_IN = frozenset(
    """PROJECT_ID BUILD_ID PROJECT_NUMBER LOCATION TRIGGER_NAME COMMIT_SHA REVISION_ID SHORT_SHA
    REPO_NAME REPO_FULL_NAME BRANCH_NAME TAG_NAME REF_NAME TRIGGER_BUILD_CONFIG_PATH
    SERVICE_ACCOUNT_EMAIL SERVICE_ACCOUNT _HEAD_BRANCH _BASE_BRANCH _HEAD_REPO_URL
    _PR_NUMBER""".split()  # noqa: SIM905 - a list of words is read more easily
)
_DOLLAR = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<braced>\w+)\}|(?P<bare>[A-Z_][A-Z0-9_]*))?")
_SHELL_VARIABLE = re.compile(r"\$\{?([A-Z_][A-Z0-9_]*)")
_BY_DEFAULT = frozenset({"PATH", "HOME"})


def read_build(path: Path) -> Document:
    document: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def problems(build: Document) -> list[str]:
    """Everything for which Cloud Build would refuse the file, or run something else than meant."""
    try:
        json_format.ParseDict(build, cloudbuild_v1.Build.pb(cloudbuild_v1.Build()))
    except json_format.ParseError as error:
        return [str(error)]
    steps = build.get("steps") or []
    return [
        *([] if steps else ["no steps"]),
        *_steps(steps),
        *_substitutions(build),
        *_secrets(build, steps),
    ]


def substitute(text: str, values: Mapping[str, str]) -> str:
    """`$NAME`, `${NAME}` and `$$`; a built-in that nobody set is empty, as documented."""

    def value(found: re.Match[str]) -> str:
        if found["escaped"]:
            return "$"
        name = found["braced"] or found["bare"]
        if name is None or (name not in values and name not in BUILT_IN):
            raise ValueError(f"{text!r}: {found.group()} is no substitution")
        return values.get(name, "")

    return _DOLLAR.sub(value, text)


def _steps(steps: list[Document]) -> Iterator[str]:
    known: set[str] = set()
    for number, step in enumerate(steps):
        name = step.get("id", f"step {number}")
        if not step.get("name"):
            yield f"{name}: no image"
        if name in known:
            yield f"{name}: two steps have this id"
        for awaited in step.get("waitFor", []):
            if awaited not in known | {"-"}:
                yield f"{name}: waits for {awaited}, which is no earlier step"
        if "script" in step:
            yield from _script(name, step)
        known.add(name)


def _script(name: str, step: Document) -> Iterator[str]:
    if "args" in step or "entrypoint" in step:
        yield f"{name}: a script has neither args nor entrypoint"
    given = {each.partition("=")[0] for each in step.get("env", [])} | set(
        step.get("secretEnv", [])
    )
    for used in _SHELL_VARIABLE.findall(step["script"]):
        if used not in given | _BY_DEFAULT:
            yield f"{name}: the script reads {used}, which its env does not set"


def _substitutions(build: Document) -> Iterator[str]:
    own = build.get("substitutions", {})
    used = set()
    for text in _texts({key: value for key, value in build.items() if key != "substitutions"}):
        for found in _DOLLAR.finditer(text):
            name = found["braced"] or found["bare"]
            if not found["escaped"] and (name is None or name not in BUILT_IN | own.keys()):
                yield f"{text!r}: {found.group()} is no substitution"
            used.add(name)
    yield from (f"{name}: a substitution that nothing uses" for name in own if name not in used)
    yield from (f"{name}: has to begin with _" for name in own if not name.startswith("_"))


def _secrets(build: Document, steps: list[Document]) -> Iterator[str]:
    held = build.get("availableSecrets", {}).get("secretManager", [])
    declared = {each["env"] for each in held}
    used = {name for step in steps for name in step.get("secretEnv", [])}
    yield from (f"{name}: a secret that is not available" for name in sorted(used - declared))
    yield from (f"{name}: a secret that no step takes" for name in sorted(declared - used))


def _texts(node: Any, *, key: str = "") -> Iterator[str]:
    """All that is substituted: everything but scripts."""
    match node:
        case dict():
            for name, value in node.items():
                yield from _texts(value, key=name)
        case list():
            for value in node:
                yield from _texts(value, key=key)
        case str() if key != "script":
            yield node
        case _:
            return
