"""From a file's bytes to a tree of texts with places, and the one line that says why not.

Nothing here knows what a manifest or a contract is.
"""

import re
from typing import Any

import yaml

from skewcheck.core.documents.located_yaml import (
    FASTEST_LOADER,
    Flaw,
    Mapping,
    Node,
    Place,
    Scalar,
    UnreadableError,
    compose,
)

MAX_BYTES = 2_000_000
_NEW_LINE = re.compile("\r\n|\r|\n")
_BOM = "\ufeff"
# Line separators count as well: YAML 1.1 ends a line at them, editors and YAML 1.2 do not.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TAB_INDENT = re.compile(r" *\t")
_UNQUOTED_RANGE = re.compile(r":\s+>[^\s]*[=0-9]")


def read_tree(content: bytes, *, loader: Any = FASTEST_LOADER) -> tuple[Mapping, list[Flaw]]:
    """The file's mapping and the flaws that do not hinder reading on; UnreadableError else."""
    text = _decode(content)
    try:
        root, flaws = compose(text, loader=loader)
    # The reader without libyaml lets the errors of chr() and int() through.
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _untangle(error, text) from error
    return _mapping(root), flaws


def _mapping(root: Node | None) -> Mapping:
    if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
        raise UnreadableError(Place(1, 1), "the file is empty")
    if not isinstance(root, Mapping):
        kind = "one text" if isinstance(root, Scalar) else "a list"
        raise UnreadableError(
            root.place, f"the file must hold keys such as `schema: 1`, not {kind}"
        )
    return root


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableError(Place(1, 1), f"{len(content)} bytes; at most {MAX_BYTES} are read")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        place = _place_at(content[: error.start].decode(errors="replace"))
        raise UnreadableError(place, f"not UTF-8: byte 0x{content[error.start]:02x}") from error
    if text.startswith(_BOM):
        raise UnreadableError(Place(1, 1), "begins with a byte order mark; save it without")
    if found := _UNPRINTABLE.search(text):
        problem = f"control character U+{ord(found[0]):04X}"
        raise UnreadableError(_place_at(text[: found.start()]), problem)
    return text


def _place_at(before: str) -> Place:
    lines = _NEW_LINE.split(before)
    return Place(len(lines), len(lines[-1]) + 1)


def _untangle(error: Exception, text: str) -> UnreadableError:
    mark: Any = getattr(error, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = [*_NEW_LINE.split(text), ""]
    advice = _advice(lines[line], column, str(getattr(error, "problem", error)))
    return UnreadableError(Place(line + 1, column + 1), advice)


def _advice(line: str, column: int, problem: str) -> str:
    if _TAB_INDENT.match(line):
        return "not YAML: a tab in the indentation; use spaces"
    if _UNQUOTED_RANGE.search(line):
        return 'not YAML: quote a value that begins with >, such as ">=2.0,<3"'
    if "cannot start any token" in problem:
        return f"not YAML: quote a value that begins with {line[column : column + 1]}"
    if "mapping values are not allowed" in problem:
        return "not YAML: a second colon; quote the value, or mend the indentation"
    return f"not YAML: {problem}"
