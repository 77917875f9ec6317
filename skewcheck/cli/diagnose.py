"""`skewcheck diagnose`: from the symptom down to the cause, in one screen."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.candidates import candidate_option, opened_with, read_candidates
from skewcheck.cli.options import DURATION, complete_environment, source_options
from skewcheck.cli.output import render_diagnosed, talking
from skewcheck.cli.probing import allow_commands_option
from skewcheck.cli.saving import save_option, save_probes
from skewcheck.core.question import Question
from skewcheck.settings import read_settings


@click.command("diagnose")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("link", required=False)
@candidate_option
@click.option("--exercise", is_flag=True, help="Carry one whole conversation out; it may cost.")
@click.option(
    "--hold", type=DURATION, default="0s", help="Keep a silent and a pinging connection this long."
)
@save_option
@allow_commands_option
@source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How it is printed.",
)
def command(  # noqa: PLR0913 - click hands over one argument per option
    environment: str,
    link: str | None,
    *,
    candidates: tuple[str, ...],
    exercise: bool,
    hold: timedelta,
    save: Path | None,
    allow_commands: bool,
    form: str,
    **source: Any,
) -> NoReturn:
    """Why does it not work? The symptom, each why below it, and the cause.

    Looks at everything that `status` and `probe` look at, and tells one story of it: what users
    meet, what explains it, what it is not, what is hidden, and the next command. Where the
    evidence leaves several causes, it says so. Exit 0: nothing is wrong; 10: something is;
    11: inconclusive.

    \b
      skewcheck diagnose staging chat
    """  # fmt: skip
    settings = read_settings()
    wanted = read_candidates(candidates)
    with opened_with(settings, source, environment, wanted, allow_commands=allow_commands) as (
        doors,
        loaded,
    ):
        from skewcheck.core.probe.kits import ProbeWanted
        from skewcheck.flows.check import Asking
        from skewcheck.flows.diagnose import diagnose_links
        from skewcheck.flows.named import websocket_links

        links = websocket_links(loaded, link)
        probing = ProbeWanted(
            thorough=True, links=frozenset(links), exercise=exercise, hold_s=hold.total_seconds()
        )
        asking = Asking(
            question=Question.DIAGNOSE,
            candidates=wanted,
            probing=probing,
            versions=wiring.installed_versions(),
        )
        with talking(f"diagnosing {environment}"):
            diagnosed = diagnose_links(doors, loaded, asking, links)
    save_probes(diagnosed.report, save)
    text, code = render_diagnosed(diagnosed, form, settings)
    click.echo(text.rstrip("\n"))
    sys.exit(code)
