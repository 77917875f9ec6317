"""`skewcheck explain`: the verdict of saved probes, again, without network, git or cloud."""

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from skewcheck.cli.options import format_option
from skewcheck.cli.output import print_and_exit
from skewcheck.core.errors import UsageError
from skewcheck.core.question import Question
from skewcheck.settings import read_settings

if TYPE_CHECKING:
    from skewcheck.core.report import Report


@click.command("explain")
@click.argument("transcript", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--events", is_flag=True, help="Show what happened on the wire, event by event.")
@format_option
def command(transcript: Path, *, events: bool, form: str | None) -> NoReturn:
    """Judge saved probes again, offline: the same findings, the same exit code.

    TRANSCRIPT is a file that `skewcheck probe … --save FILE` wrote.

    \b
      skewcheck explain transcript.json --events
    """
    if events and form not in {None, "table"}:
        raise click.UsageError("--events goes with the table only")
    report = _report(transcript)
    if events and report.survey.probes is not None:
        from skewcheck.render.wire import render_wire

        click.echo(render_wire(report.survey.probes))
    print_and_exit([report], form, read_settings())


def _report(file: Path) -> "Report":
    from skewcheck.core.replay import replay

    try:
        content = file.read_bytes()
    except OSError as error:
        told = f"{file}: {error.strerror}"
        raise UsageError(told, hint=_meant(str(file))) from error
    return replay(content, file=str(file), question=Question.PROBE)


def _meant(name: str) -> str:
    """What is explained here is a file; what a finding means stands in the documents."""
    from skewcheck.core.findings import Code

    if name in set(Code):
        return f"a finding of that code is explained in docs/findings.md#{name}"
    return "skewcheck probe ENVIRONMENT --save FILE"
