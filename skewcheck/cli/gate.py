"""`skewcheck gate`: may this build be deployed?"""

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.candidates import candidate_option, opened_with, read_candidates
from skewcheck.cli.evidence import evidence_options, read_evidence
from skewcheck.cli.noting import Noting
from skewcheck.cli.options import (
    INTERVAL,
    complete_environment,
    format_option,
    source_of,
    source_options,
)
from skewcheck.cli.output import print_and_exit, render, talking
from skewcheck.cli.probing import probe_options, probing_of
from skewcheck.cli.triggering import is_wanted, trigger
from skewcheck.core.question import BreakGlass, Question
from skewcheck.settings import Settings, read_settings


@click.command("gate")
@click.argument("environment", shell_complete=complete_environment)
@candidate_option
@click.option("--strict", is_flag=True, help="Let everything decide, also what was broken before.")
@click.option(
    "--retry-while-unknown",
    type=click.IntRange(min=0),
    default=0,
    metavar="TIMES",
    help="Ask again this often while the verdict is inconclusive.",
)
@click.option(
    "--retry-interval", type=INTERVAL, default="10s", show_default=True, help="Between two."
)
@click.option(
    "--override",
    metavar='"WHY; UNTIL"',
    help="Break the glass: exit 0 whatever the verdict; printed and recorded.",
)
@click.option(
    "--on-skew",
    type=click.Choice(["block", "redeploy"]),
    help="Start the redeploy that mends it, and exit by its outcome.  [default: policy.on_skew]",
)
@evidence_options
@probe_options
@source_options
@format_option
def command(  # noqa: PLR0913 - click hands over one argument per option
    environment: str,
    *,
    candidates: tuple[str, ...],
    strict: bool,
    retry_while_unknown: int,
    retry_interval: timedelta,
    override: str | None,
    on_skew: str | None,
    no_probe: bool,
    allow_commands: bool,
    evidence: tuple[Path, ...],
    require: tuple[str, ...],
    previous_evidence: tuple[Path, ...],
    form: str | None,
    **source: Any,
) -> NoReturn:
    """May this build be deployed? Compares the worlds before and after, and opens the WebSocket.

    Pairs that the candidate adds or worsens decide, and all about the candidate itself; what was
    broken before is told and does not block the deploy that mends it. Without --candidate
    everything decides. Exit 0: pass; 10: block; 11: inconclusive; 12: the redeploy of --on-skew
    went back.

    \b
      skewcheck gate staging --candidate backend=$COMMIT_SHA
      skewcheck gate staging \\
        --candidate backend=$COMMIT_SHA@https://c-1---api-x.a.run.app
      skewcheck gate staging --candidate backend=$COMMIT_SHA \\
        --evidence junit.xml --require 'chat*'
    """
    settings = read_settings()
    wanted = read_candidates(candidates)
    tests = read_evidence(evidence, require, previous_evidence)
    with opened_with(settings, source, environment, wanted, allow_commands=allow_commands) as (
        doors,
        loaded,
    ):
        from skewcheck.flows.check import Asking, check_while_unknown

        noting = Noting(settings, source_of(source), doors)
        asking = Asking(
            question=Question.GATE,
            candidates=wanted,
            strict=strict,
            break_glass=_break_glass(settings, override, doors.clock.now().date()),
            probing=probing_of(no_probe=no_probe),
            evidence=tests,
            versions=wiring.installed_versions(),
            seen=noting.look,
        )
        with talking(f"judging {environment}"):
            report = check_while_unknown(
                doors, loaded, asking, times=retry_while_unknown, interval=retry_interval
            )
        if report.break_glass is not None:
            wiring.record_break_glass(settings, source_of(source), doors, report)
        noting.gate(report)
        if is_wanted(on_skew, report):
            click.echo(render([report], form, settings).rstrip("\n"))
            trigger(settings, source_of(source), doors, loaded, report,
                    allow_commands=allow_commands)  # fmt: skip
            sys.exit(report.exit)
    print_and_exit([report], form, settings)


def _break_glass(settings: Settings, text: str | None, today: date) -> BreakGlass | None:
    if text is None:
        return None
    why, _, until = (part.strip() for part in text.rpartition(";"))
    try:
        day = date.fromisoformat(until)
    except ValueError:
        day = None
    # fromisoformat reads weeks and bare digits too, which nobody means by a day
    if not why or day is None or until != str(day) or day < today:
        told = f'{text!r}: write "why; YYYY-MM-DD" with a day that is not over'
        raise click.BadParameter(told, param_hint="--override")
    return BreakGlass(why=why, until=day, who=wiring.identity(settings))
