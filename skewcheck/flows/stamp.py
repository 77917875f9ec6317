"""Stamps a build: everything is read and judged first, and only then written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.errors import UsageError
from skewcheck.core.stamping.choosing import is_page, role_of
from skewcheck.core.stamping.documents import (
    CONTRACTS_FILE,
    VERSION_FILE,
    write_contracts,
    write_module,
    write_version_document,
)
from skewcheck.core.stamping.pages import StampedPage, stamp_page
from skewcheck.core.stamping.stamp import Stamp
from skewcheck.core.strict_json import NotJsonError, parse_json
from skewcheck.flows.stamp_origin import Bench, Wanted, commit_of, contracts_of, dirty_files, refuse
from skewcheck.ports.stamping import Folder

_COMPRESSED = (".gz", ".br", ".zst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """The files that were written, below DIST, and what their owner should know."""

    stamp: Stamp
    files: tuple[str, ...]
    notes: tuple[str, ...]


def stamp_build(bench: Bench, wanted: Wanted) -> Stamped:
    """UsageError, and nothing is written, where the build could not be told from another one."""
    files = _built(bench)
    role = wanted.role or role_of(files)
    commit = commit_of(bench.checkout, wanted.commit)
    dirty = dirty_files(bench, role)
    contracts, notes = contracts_of(bench, wanted, commit, dirty)
    if dirty and not wanted.allow_dirty:
        raise refuse(commit, dirty)
    stamp = Stamp(
        commit=commit,
        role=role,
        contracts=contracts,
        dirty=bool(dirty),
        version=wanted.version,
        environment=wanted.environment,
        source=wanted.source,
        build=wanted.build,
    )
    more = _write(bench, stamp, files)
    return Stamped(stamp=stamp, files=tuple(more.written), notes=(*notes, *more.notes))


def _built(bench: Bench) -> tuple[str, ...]:
    if bench.dist is None:
        return ()
    files = bench.dist.folder.files()
    if not set(files) - {VERSION_FILE, CONTRACTS_FILE}:
        raise UsageError(
            f"{bench.dist.shown} has no files", hint="build first, then stamp what was built"
        )
    return files


@dataclass(frozen=True, slots=True)
class _Outcome:
    written: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _write(bench: Bench, stamp: Stamp, files: Sequence[str]) -> _Outcome:
    if bench.module:
        bench.module.folder.write(bench.module.name, write_module(stamp))
    if bench.dist is None:
        return _Outcome()
    folder = bench.dist.folder
    pages, notes = _stamp_pages(folder, stamp, files)
    new = {
        VERSION_FILE: write_version_document(stamp),
        CONTRACTS_FILE: write_contracts(stamp),
        **pages,
    }
    notes += [*_foreign(folder), *_outdated(files, new)]
    for file, content in new.items():
        folder.write(file, content)
    return _Outcome(tuple(new), tuple(notes))


def _stamp_pages(
    folder: Folder, stamp: Stamp, files: Sequence[str]
) -> tuple[dict[str, bytes], list[str]]:
    pages: dict[str, bytes] = {}
    notes: list[str] = []
    for file in filter(is_page, files):
        page = stamp_page(folder.read(file) or b"", stamp)
        if isinstance(page, StampedPage):
            pages[file] = page.content
        elif page.wrong:
            raise UsageError(
                f"{file} names another build by itself: {page.why}",
                hint="take that out of the page, or let the build put this commit there",
            )
        else:
            notes.append(f"{file} is left as it is: {page.why}")
    return pages, notes


def _foreign(folder: Folder) -> Iterator[str]:
    """Frameworks write a version.json of their own, and somebody may read it."""
    before = folder.read(VERSION_FILE)
    if before is None:
        return
    try:
        said = parse_json(before)
    except NotJsonError:
        said = None
    if not isinstance(said, dict) or not {"commit", "protocols"} <= set(said):
        yield f"{VERSION_FILE} was there, written by something else, and has been replaced"


def _outdated(files: Sequence[str], new: dict[str, bytes]) -> Iterator[str]:
    """Servers send what was compressed beforehand instead of the file itself."""
    for file in files:
        stem, dot, kind = file.rpartition(".")
        if dot + kind in _COMPRESSED and stem in new:
            yield f"{file} still holds what was there before: compress after the stamp"
