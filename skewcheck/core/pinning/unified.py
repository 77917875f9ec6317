"""The change of a manifest as a unified diff, as `git diff` shows it."""

import re
from collections.abc import Iterator
from difflib import unified_diff

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_UNENDED = "\\ No newline at end of file"


def unified(before: bytes, after: bytes, *, file: str) -> tuple[str, ...]:
    """Its lines, without line ends; none where nothing differs."""
    old, new = (_LINES.findall(each.decode()) for each in (before, after))
    return tuple(_told(unified_diff(old, new, f"a/{file}", f"b/{file}")))


def _told(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line.removesuffix("\n").removesuffix("\r")
        if not line.endswith("\n"):
            yield _UNENDED
