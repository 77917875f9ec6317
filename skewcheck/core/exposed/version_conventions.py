"""Where the known conventions keep the build in a JSON document, and what else they say.

Rules of this file: lists are not searched, because they tell of other things' builds; a bare
`version` is believed only where it can be nothing but a build, because most are constants.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.exposed.candidates import Candidate, candidate
from skewcheck.core.strict_json import Json, describe

JsonObject = dict[str, Json]

_COMMIT_KEYS = {
    "commit", "commitsha", "commithash", "commitid", "sha", "gitsha", "gitcommit", "gitcommitsha",
    "gitcommithash", "githash", "gitrevision", "buildsha", "sourcecommit", "vcs.revision",
}  # fmt: skip
_SHA_ONLY_KEYS = {"revision"}  # Cloud Run and Debian have revisions of their own
_WITHIN_GIT = _COMMIT_KEYS | {"hash", "id", "full", "abbrev"}
_WRAPPERS = {
    "git",
    "vcs",
    "build",
    "data",
    "info",
    "extra",
    "version",
    "app",
    "commit",
    "buildinfo",
}
_DEEPEST = 16
_NESTED = 3  # git.commit.id.full
_NUXT = {"id", "timestamp", "matcher", "prerendered"}


@dataclass(frozen=True, slots=True)
class Found:
    """What one convention offers; no candidates means that the document names no build."""

    convention: str
    candidates: tuple[Candidate, ...]
    dirty: bool = False


def find_in_json(document: JsonObject) -> Found:
    """The first of: git properties, a commit under a known key, a framework's own shape."""
    properties = tuple(_git_properties(document, 0))
    if properties:
        return Found("git-properties", properties, _is_dirty(document, 0))
    commits = tuple(_commits(document, "", _COMMIT_KEYS, _NESTED))
    if commits:
        return Found(_name(document), commits, _is_dirty(document, 0))
    return _find_framework(document)


def is_commit_key(key: str) -> bool:
    """For labels of metrics, which use the same words."""
    return _plain(key) in _COMMIT_KEYS | _SHA_ONLY_KEYS


def is_sha_only(key: str) -> bool:
    return _plain(key) in _SHA_ONLY_KEYS


def is_dockerflow(document: JsonObject) -> bool:
    """Mozilla Dockerflow's version object, or our superset of it."""
    return "commit" in document and bool({"source", "build", "protocols"} & set(document))


def _name(document: JsonObject) -> str:
    if "gitCommit" in document and "gitVersion" in document:
        return "kubernetes"
    if is_dockerflow(document):
        return "skewcheck" if "protocols" in document else "dockerflow"
    git = document.get("git")
    if isinstance(git, dict) and isinstance(git.get("commit"), dict):
        return "spring-actuator"
    return "version-json"


def _find_framework(document: JsonObject) -> Found:
    if "id" in document and "timestamp" in document and set(document) <= _NUXT:
        return Found("nuxt", _texts(document, "id"))
    if set(document) == {"version"}:
        return Found("sveltekit", _texts(document, "version"))
    if "buildId" in document:
        return Found("next", _texts(document, "buildId"))
    found = [
        candidate(key, value, sha_only=True)
        for key in ("build", "version")
        if isinstance(value := document.get(key), str)
    ]
    commits = tuple(each for each in found if each.name)
    constants = tuple(each for each in found if each.field == "version")
    return Found("version-json", commits or constants)


def _texts(document: JsonObject, key: str) -> tuple[Candidate, ...]:
    return (_read(key, document[key], sha_only=False),)


def _git_properties(value: Json, depth: int, prefix: str = "") -> Iterator[Candidate]:
    """The flat keys of git.properties, unmistakable at any depth; `git.branch` is never one."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for key, inner in value.items():
        if key in {"git.commit.id", "git.commit.id.full", "git.commit.id.abbrev"}:
            yield _read(prefix + key, inner, sha_only=False)
        else:
            yield from _git_properties(inner, depth + 1, f"{prefix}{key}.")


def _commits(
    document: JsonObject, prefix: str, wanted: set[str], depth: int
) -> Iterator[Candidate]:
    for key, value in document.items():
        plain = _plain(key)
        if isinstance(value, dict) and depth and plain in _WRAPPERS | wanted:
            within = _WITHIN_GIT if plain in {"git", "vcs", "id"} | _COMMIT_KEYS else _COMMIT_KEYS
            yield from _commits(value, f"{prefix}{key}.", within, depth - 1)
        elif plain in wanted | _SHA_ONLY_KEYS:
            yield _read(prefix + key, value, sha_only=plain in _SHA_ONLY_KEYS)


def _read(field: str, value: Json, *, sha_only: bool) -> Candidate:
    if isinstance(value, str):
        return candidate(field, value, sha_only=sha_only)
    return Candidate(field, describe(value), None)


def _is_dirty(value: Json, depth: int) -> bool:
    """Said outright; the `-dirty` suffix of a name is read with the name."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return False
    return any(
        _says_dirty(_plain(key), inner) or _is_dirty(inner, depth + 1)
        for key, inner in value.items()
    )


def _says_dirty(plain_key: str, value: Json) -> bool:
    if plain_key == "gittreestate":
        return value == "dirty"
    said = value is True or (isinstance(value, str) and value.strip().lower() == "true")
    return said and plain_key in {"dirty", "gitdirty", "git.dirty", "vcs.modified"}


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
