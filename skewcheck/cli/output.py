"""Prints reports: the result on stdout, in the form that was asked for or that fits the place."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from skewcheck.core.question import Exit
from skewcheck.settings import Settings

if TYPE_CHECKING:
    from skewcheck.core.report import Report
    from skewcheck.flows.diagnose import Diagnosed

_PIPED_WIDTH = 120
_WORST_FIRST = (Exit.BLOCK, Exit.INCONCLUSIVE, Exit.PASS)


def render(reports: Sequence["Report"], form: str | None, settings: Settings) -> str:
    """`form` None means: what suits where the output goes."""
    match form or ("github" if settings.in_ci == "github" else "table"):
        case "json":
            from skewcheck.render.machine import render_json

            return render_json(reports)
        case "junit":
            from skewcheck.render.machine import render_junit

            return render_junit(reports)
        case "github":
            from skewcheck.render.machine import render_github

            return render_github(reports)
        case "markdown":
            from skewcheck.render.markdown import render_markdown

            return render_markdown(reports)
        case "page":
            from skewcheck.render.page import render_reports

            return render_reports(reports)
        case _:
            return _table(reports, settings)


def _table(reports: Sequence["Report"], settings: Settings) -> str:
    from skewcheck.render.terminal import render_terminal

    width, colour = canvas(settings)
    return render_terminal(reports, width=width, colour=colour)


def canvas(settings: Settings) -> tuple[int, bool]:
    """How wide stdout is, and whether it takes colour."""
    width = shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns
    return width, sys.stdout.isatty() and not settings.no_colour


def render_diagnosed(diagnosed: "Diagnosed", form: str, settings: Settings) -> tuple[str, Exit]:
    """The text, and the gravest exit code of the links that were diagnosed."""
    from skewcheck.core.report import EXIT_FOR

    exits = {EXIT_FOR[each.verdict] for each in diagnosed.diagnoses}
    code = next(each for each in _WORST_FIRST if each in exits)
    report, diagnoses = diagnosed.report, diagnosed.diagnoses
    match form:
        case "json":
            from skewcheck.render.machine.diagnosis import render_diagnosis_json

            return render_diagnosis_json(report, diagnoses), code
        case "markdown":
            from skewcheck.render.markdown_diagnosis import render_diagnosis_markdown

            return render_diagnosis_markdown(report, diagnoses), code
        case _:
            from skewcheck.render.terminal.diagnosis import render_diagnosis

            width, colour = canvas(settings)
            return render_diagnosis(report, diagnoses, width=width, colour=colour), code


def print_and_exit(reports: Sequence["Report"], form: str | None, settings: Settings) -> NoReturn:
    """Ends with the gravest exit code of all reports."""
    echo_and_exit(render(reports, form, settings), reports)


def echo_and_exit(text: str, reports: Sequence["Report"]) -> NoReturn:
    click.echo(text.rstrip("\n"))
    exits = {report.exit for report in reports}
    sys.exit(next(each for each in _WORST_FIRST if each in exits))


@contextmanager
def talking(what: str) -> Iterator[None]:
    """Says on a terminal's stderr what takes a while, and takes it back when done."""
    shown = sys.stderr.isatty()
    if shown:
        click.echo(f"{what} …", err=True, nl=False)
    try:
        yield
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)
