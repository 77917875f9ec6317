"""How a build is named, and how the names that services give themselves are read.

Rules of this file: a full commit is the only name that git can look up without doubt; a short
one must be expanded by git before it is compared; an opaque id compares by equality only; a
placeholder is no name at all, so two equal placeholders are never equal builds.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

_FULL_SHA = re.compile(r"[0-9a-f]{40}")
_SHORT_SHA = re.compile(r"[0-9a-f]{7,39}")
_DIRTY = re.compile(r"[-+.]dirty$", re.IGNORECASE)
_DESCRIBED = re.compile(r"-g([0-9a-f]{7,40})$")
_DIGITS_ONLY = re.compile(r"[0-9]+")
_CONSTANT_VERSION = re.compile(r"v?[0-9]+(\.[0-9]+){1,3}")
_UNSUBSTITUTED = re.compile(r"[$%{}<>]|__\w+__")
_PLACEHOLDERS = {
    "null", "none", "nil", "undefined", "unknown", "unspecified", "n/a", "na", "tbd", "todo",
    "dev", "develop", "development", "local", "latest", "head", "main", "master", "snapshot",
    "test", "true", "false", "ok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BuildSha:
    """The full git commit a build was made from."""

    value: str

    def __post_init__(self) -> None:
        if not _FULL_SHA.fullmatch(self.value):
            raise ValueError(f"not a full 40-digit git SHA: {self.value!r}")

    @property
    def short(self) -> str:
        """The first seven digits, for people; never compare by it."""
        return self.value[:7]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class ShortSha:
    """The beginning of a commit, 7 to 39 digits: names a build only after git has expanded it."""

    value: str

    def __post_init__(self) -> None:
        if not _SHORT_SHA.fullmatch(self.value):
            raise ValueError(f"not an abbreviated git SHA: {self.value!r}")

    @property
    def short(self) -> str:
        return self.value[:7]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class OpaqueId:
    """A build id that git does not know (UUID, time stamp, nanoid)."""

    value: str

    @property
    def short(self) -> str:
        return self.value if len(self.value) <= 13 else self.value[:12] + "…"

    def __str__(self) -> str:
        return self.value


Build: TypeAlias = BuildSha | ShortSha | OpaqueId


@dataclass(frozen=True, slots=True)
class BuildName:
    """A name as it was read: the build, and whether it was made from uncommitted files."""

    build: Build
    dirty: bool = False


def read_build_name(text: str) -> BuildName | None:
    """The build that `text` names, or None where it is a placeholder.

    Reads `git describe` output and `-dirty` / `+dirty` suffixes; a run of digits only is an
    opaque id, because time stamps look like short SHAs.
    """
    bare = text.strip()
    dirty = bool(_DIRTY.search(bare))
    bare = _DIRTY.sub("", bare)
    described = _DESCRIBED.search(bare)
    name = described.group(1) if described else bare
    if _is_placeholder(name):
        return None
    return BuildName(_classify(name), dirty)


def _is_placeholder(name: str) -> bool:
    return (
        name.lower() in _PLACEHOLDERS
        or set(name) <= {"0", "-"}
        or bool(_UNSUBSTITUTED.search(name))
        or bool(_CONSTANT_VERSION.fullmatch(name))
    )


def _classify(name: str) -> Build:
    lowered = name.lower()
    if _FULL_SHA.fullmatch(lowered):
        return BuildSha(lowered)
    if _SHORT_SHA.fullmatch(lowered) and not _DIGITS_ONLY.fullmatch(lowered):
        return ShortSha(lowered)
    return OpaqueId(name)
