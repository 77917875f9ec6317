"""Promises other builds in a manifest: changes the named scalars and keeps every other byte.

Rules of this file: nothing is returned before the new text was read anew and differs in the named
promises only; a spelling that cannot be changed so is refused with its line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import DocumentError, parse_manifest
from skewcheck.core.documents.document_text import read_tree
from skewcheck.core.documents.located_yaml import Listing, Node, Scalar
from skewcheck.core.errors import UsageError
from skewcheck.core.manifest import Service
from skewcheck.core.pinning.spans import Span, Written, find_services, through_line_end

_COMMA_AFTER = re.compile(r"\s*,[ \t]*(?!#)")
_COMMA_BEFORE = re.compile(r",\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One promise made anew. `was` is None where a `ref`, narrowed by `paths`, stood there."""

    service: str
    build: BuildSha
    was: BuildSha | None
    ref: str = ""
    paths: tuple[str, ...] = ()
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """`changes` leaves out services that were promised at that very build already."""

    before: bytes
    after: bytes
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Put:
    span: Span
    text: str


def promise_builds(content: bytes, wanted: Mapping[str, BuildSha], *, file: str) -> Edited:
    """Raises UsageError where the manifest is not right, or is written so that only a person can
    change it. Every service of `wanted` is in the manifest."""
    after, changes = content, []
    for name, build in wanted.items():
        service = parse_manifest(after, file=file).services[name]
        if service.build != build.value:
            written = find_services(after.decode())[name]
            change = _change(name, service, build, written)
            after = _promise(after, change, written, file)
            changes.append(change)
    return Edited(before=content, after=after, changes=tuple(changes))


def _promise(content: bytes, change: Change, written: Mapping[str, Written], file: str) -> bytes:
    text = content.decode()
    after = _put(text, [*_puts(text, change, written, file)]).encode()
    require_only(content, after, change, file)
    return after


def _change(name: str, service: Service, build: BuildSha, written: Mapping[str, Written]) -> Change:
    return Change(
        service=name,
        build=build,
        was=BuildSha(service.build) if service.build else None,
        ref=service.ref or "",
        paths=service.paths,
        line=written["build" if service.build else "ref"].line,
    )


def _puts(text: str, change: Change, written: Mapping[str, Written], file: str) -> Iterator[_Put]:
    if change.was is not None:
        yield _value(text, written["build"].value, change.was.value, change.build.value)
        return
    ref = written["ref"]
    yield _value(text, ref.key, "ref", "build")
    yield _value(text, ref.value, change.ref, change.build.value)
    if "paths" in written:
        yield _without(text, written["paths"], change, file)


def _value(text: str, span: Span, old: str, new: str) -> _Put:
    """Within its quotes, if it has any; what is written with escapes is quoted anew."""
    said = span.of(text)
    if "\\" in said:
        return _Put(span, f'"{new}"')
    before, _, after = said.rpartition(old)
    return _Put(span, f"{before}{new}{after}")


def _without(text: str, paths: Written, change: Change, file: str) -> _Put:
    """In block style with its lines, in flow style with one comma."""
    start, end = paths.key.start, paths.ends
    if paths.in_flow:
        if after := _COMMA_AFTER.match(text, end):
            return _Put(Span(start, after.end()), "")
        before = _COMMA_BEFORE.search(text, 0, start)
        return _Put(Span(before.start() if before else start, end), "")
    begins = max(text.rfind(each, 0, start) for each in "\r\n") + 1
    if text[begins:start].strip():
        raise _by_hand(change, file)
    return _Put(Span(begins, through_line_end(text, end)), "")


def _put(text: str, puts: list[_Put]) -> str:
    """From the last to the first, so that spans stay true."""
    for put in sorted(puts, key=lambda put: put.span.start, reverse=True):
        text = text[: put.span.start] + put.text + text[put.span.end :]
    return text


def require_only(before: bytes, after: bytes, change: Change, file: str) -> None:
    """The whole file is compared, keys that we leave alone included."""
    expected = _plain(read_tree(before)[0])
    service = expected["services"][change.service]
    kept = {key: value for key, value in service.items() if key not in {"ref", "paths"}}
    expected["services"][change.service] = kept | {"build": change.build.value}
    try:
        parse_manifest(after, file=file)
    except DocumentError as error:
        raise _by_hand(change, file) from error
    if _plain(read_tree(after)[0]) != expected:
        raise _by_hand(change, file)


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [_plain(item) for item in node.items]
    return {key: _plain(entry.value) for key, entry in node.entries.items()}


def _by_hand(change: Change, file: str) -> UsageError:
    return UsageError(
        f"{file}:{change.line}: services.{change.service} is written so that its promise cannot"
        " be changed without touching anything else",
        hint=f"write `build: {change.build}` there by hand",
    )
