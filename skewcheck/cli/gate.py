"""`skewcheck gate`: may this build be deployed?"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.options import (
    INTERVAL,
    complete_environment,
    format_option,
    source_of,
    source_options,
    web_host,
)
from skewcheck.cli.output import print_and_exit, talking
from skewcheck.core.question import BreakGlass, CandidateWanted, Question
from skewcheck.settings import Settings, read_settings


@click.command("gate")
@click.argument("environment", shell_complete=complete_environment)
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    metavar="SERVICE=SHA[@URL]",
    help="The build about to be deployed, and where it already answers; repeat it.",
)
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
    form: str | None,
    **source: Any,
) -> NoReturn:
    """May this build be deployed? Compares the worlds before and after.

    Pairs that the candidate adds or worsens decide, and all about the candidate itself; what was
    broken before is told and does not block the deploy that mends it. Without --candidate
    everything decides.

    \b
      skewcheck gate staging --candidate backend=$COMMIT_SHA
      skewcheck gate staging --candidate backend=$COMMIT_SHA@https://c-1---api-x.a.run.app
    """
    settings = read_settings()
    wanted = read_candidates(candidates)
    with wiring.opened(settings, source_of(source), environment, hosts=_hosts(wanted)) as (
        doors,
        loaded,
    ):
        from skewcheck.flows.check import Asking, check_while_unknown

        wiring.require_services(loaded, [each.service for each in wanted])
        asking = Asking(
            question=Question.GATE,
            candidates=wanted,
            strict=strict,
            break_glass=_break_glass(settings, override, doors.clock.now().date()),
            versions=wiring.installed_versions(),
        )
        with talking(f"judging {environment}"):
            report = check_while_unknown(
                doors, loaded, asking, times=retry_while_unknown, interval=retry_interval
            )
        if report.break_glass is not None:
            wiring.record_break_glass(settings, report)
    print_and_exit([report], form, settings)


def read_candidates(given: Iterable[str]) -> tuple[CandidateWanted, ...]:
    """A substitution of a build step that arrives empty is an error of usage, never a pass."""
    wanted = tuple(_candidate(text) for text in given)
    names = [each.service for each in wanted]
    if len(set(names)) != len(names):
        raise click.BadParameter("a service is named twice", param_hint="--candidate")
    return wanted


def _candidate(text: str) -> CandidateWanted:
    service, _, rest = text.partition("=")
    named, at, url = rest.partition("@")
    problem = ""
    if not service or not named.strip():
        problem = "the service or its commit is empty (a substitution that was not set?)"
    elif "$" in named or named.startswith("-"):
        problem = "is not a commit"
    elif at and not web_host(url):
        problem = "the part after @ is not a URL"
    if problem:
        raise click.BadParameter(f"{text!r}: {problem}", param_hint="--candidate")
    return CandidateWanted(service=service, named=named.strip(), url=url)


def _hosts(wanted: Iterable[CandidateWanted]) -> frozenset[str]:
    return frozenset(web_host(each.url) for each in wanted if each.url)


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
