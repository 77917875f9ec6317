"""`--evidence FILE --require NAME`: test reports, read before anything else is asked."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck.core.errors import UsageError

if TYPE_CHECKING:
    from skewcheck.core.evidence.case import Report
    from skewcheck.core.evidence.wanted import EvidenceWanted

_F = TypeVar("_F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)


def evidence_options(command: _F) -> _F:
    for option in (
        click.option(
            "--previous-evidence",
            multiple=True,
            type=_FILE,
            metavar="FILE",
            help="An earlier report: tests that no longer run are named; repeat it.",
        ),
        click.option(
            "--require",
            multiple=True,
            metavar="NAME",
            help="A test that must have run for this commit, and passed; * matches; repeat it.",
        ),
        click.option(
            "--evidence",
            multiple=True,
            type=_FILE,
            metavar="FILE",
            help="A JUnit report of tests of this commit; repeat it.",
        ),
    ):
        command = option(command)
    return command


def read_evidence(
    evidence: Iterable[Path], require: Iterable[str], previous: Iterable[Path]
) -> "EvidenceWanted | None":
    """None where none was given. Half a demand is an error of usage: it would check nothing.

    A report that cannot be opened is not: the tests that should have written it did not run.
    """
    reports, required, before = tuple(evidence), tuple(require), tuple(previous)
    if not (reports or required or before):
        return None
    if any(not name.strip() for name in required):
        raise click.BadParameter("is empty (a variable that was not set?)", param_hint="--require")
    if not reports or not required:
        missing = "--require NAME" if reports else "--evidence FILE"
        raise click.UsageError(f"{missing} is missing: without it no test would be checked")
    from skewcheck.core.evidence.wanted import EvidenceWanted

    return EvidenceWanted(
        reports=tuple(map(_read, reports)), required=required, previous=tuple(map(_read, before))
    )


def _read(file: Path) -> "Report":
    from skewcheck.core.evidence.case import EvidenceUnreadable
    from skewcheck.core.evidence.junit import read_junit

    try:
        content = file.read_bytes()
    except IsADirectoryError as error:
        raise UsageError(f"{file}: is a folder", hint="name a JUnit report") from error
    except OSError as error:
        return EvidenceUnreadable(file=str(file), why=error.strerror or "cannot be opened")
    return read_junit(content, file=str(file))
