"""Decides which refs, paths and globs may be handed to git. Computes only.

Rules of this file: what people or manifests wrote becomes a plain name or is refused; it never
becomes an option, a revision expression or pathspec magic.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from skewcheck.core.errors import UsageError

_FULL_SHA = re.compile(r"[0-9a-f]{40}")
_SHA_PREFIX = re.compile(r"[0-9a-f]{4,40}")
_NEVER_IN_A_REF = re.compile(
    r"""
      [\x00-\x20\x7f~^:?*\[\\]      # white space, controls and revision syntax
    | \.\. | @\{ | //               # ranges, reflogs, empty parts
    | ^[-/] | [/.]$ | ^@$           # options, absolute names, HEAD's alias
    | (?:^|/)\. | \.lock(?:/|$)     # hidden parts and lock files
    """,
    re.VERBOSE,
)


def is_full_sha(text: str) -> bool:
    return _FULL_SHA.fullmatch(text) is not None


def is_sha_prefix(text: str) -> bool:
    return _SHA_PREFIX.fullmatch(text) is not None


def checked_ref(ref: str) -> str:
    """The same ref, by the rules of `git check-ref-format`; revision expressions are refused."""
    if not ref or _NEVER_IN_A_REF.search(ref):
        raise UsageError(
            f"{ref!r} is not the name of a branch, a tag or a commit",
            hint="write a plain name like main, origin/main, v1.2 or a full SHA",
        )
    return ref


def checked_path(path: str) -> str:
    """The path as git's trees spell it: relative to the top, without `.`; `..` is refused."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise UsageError(
            f"{path!r} is not a path inside the repository",
            hint="write it relative to the top of the repository",
        )
    return "/".join(parts)


def literal_pathspec(path: str) -> str:
    return f":(top,literal){checked_path(path)}"


def glob_pathspecs(globs: Sequence[str]) -> list[str]:
    """Prefixed here, so that nothing a glob begins with can be pathspec magic of its own."""
    return [f":(top,glob){checked_path(glob)}" for glob in globs]
