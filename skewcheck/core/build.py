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
_DIRTY = re.compile(r"[-+.](dirty|modified)$", re.IGNORECASE)
# v1.0.30-6-gd1ac2745 (git describe), 1.0.dev6+gd1ac2745.d20261123 (setuptools-scm: the day that
# follows means uncommitted files), 1.4.2+3f2c1ab9 (build metadata of SemVer 2.0.0 §10)
_DESCRIBED = re.compile(
    r"(?:[-+]g|^v?[0-9][0-9.]*\+(?=[0-9]*[a-f]))([0-9a-f]{7,40})(\.d[0-9]{8})?$"
)
_ENVOY = re.compile(r"([0-9a-f]{40})/[^/]*/(Clean|Modified)/.*")
_DIGITS_ONLY = re.compile(r"[0-9]+")
_CONSTANT_VERSION = re.compile(
    r"v[0-9]+|[0-9]{1,3}|v?[0-9]+(\.[0-9]+)+([-+~._]?[a-z].*|[-+~._].*)?", re.I
)
_UNSUBSTITUTED = re.compile(r".*([$%{}<>@#()\[\]]|__\w+__).*|[A-Z]+(_[A-Z]+)+")
_OPAQUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+=-]{0,127}")
_MIXED_CASE = re.compile(r"(?=.*[a-z])(?=.*[A-Z]).{16,}")
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
    """The build that `text` names, or None where it is a placeholder, a version or mere words.

    Reads `git describe` output and its kin, `-dirty` / `+dirty` suffixes and Envoy's form; a run
    of digits only is an opaque id, because time stamps look like short SHAs.
    """
    bare = text.strip()
    dirty = bool(_DIRTY.search(bare))
    bare = _DIRTY.sub("", bare)
    if envoy := _ENVOY.fullmatch(bare):
        return BuildName(BuildSha(envoy.group(1)), dirty or envoy.group(2) == "Modified")
    if described := _DESCRIBED.search(bare):
        bare, dirty = described.group(1), dirty or described.group(2) is not None
    if _is_placeholder(bare):
        return None
    return BuildName(_classify(bare), dirty)


def _is_placeholder(name: str) -> bool:
    return (
        name.lower() in _PLACEHOLDERS
        or set(name) <= {"0", "-"}
        or not _OPAQUE.fullmatch(name)
        or bool(_UNSUBSTITUTED.fullmatch(name))
        or bool(_CONSTANT_VERSION.fullmatch(name))
        or _is_words(name)
    )


def _is_words(name: str) -> bool:
    """Unauthorized, not-found, release: an id has digits, or is long and of mixed case."""
    if any(char in "0123456789" for char in name) or _SHORT_SHA.fullmatch(name.lower()):
        return False
    return not _MIXED_CASE.fullmatch(name)


def _classify(name: str) -> Build:
    lowered = name.lower()
    if _FULL_SHA.fullmatch(lowered):
        return BuildSha(lowered)
    if _SHORT_SHA.fullmatch(lowered) and not _DIGITS_ONLY.fullmatch(lowered):
        return ShortSha(lowered)
    return OpaqueId(name)
