"""`skewcheck probe`: does the WebSocket work when it is really used?"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.candidates import candidate_option, opened_with, read_candidates
from skewcheck.cli.options import (
    DURATION,
    complete_environment,
    format_option,
    source_options,
)
from skewcheck.cli.output import print_and_exit, talking
from skewcheck.cli.probing import allow_commands_option
from skewcheck.cli.saving import save_option, save_probes
from skewcheck.core.question import Question
from skewcheck.settings import read_settings

if TYPE_CHECKING:
    from skewcheck.flows.rate import Pace


@click.command("probe")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("link", required=False)
@candidate_option
@click.option("--handshakes", type=click.IntRange(1, 100), help="[default: the manifest's]")
@click.option("--exercise", is_flag=True, help="Carry one whole conversation out; it may cost.")
@click.option(
    "--hold", type=DURATION, default="0s", help="Keep a silent and a pinging connection this long."
)
@click.option("--rate", is_flag=True, help="Measure the success rate: 35 to 500 connections.")
@click.option(
    "--at-once",
    type=click.IntRange(1, 200),
    default=20,
    show_default=True,
    help="Connections at a time, with --rate.",
)
@click.option(
    "--per-second",
    type=click.FloatRange(0.1, 500),
    default=50,
    show_default=True,
    help="New connections a second, with --rate.",
)
@save_option
@allow_commands_option
@source_options
@format_option
def command(  # noqa: PLR0913 - click hands over one argument per option
    environment: str,
    link: str | None,
    *,
    candidates: tuple[str, ...],
    handshakes: int | None,
    exercise: bool,
    hold: timedelta,
    rate: bool,
    at_once: int,
    per_second: float,
    save: Path | None,
    allow_commands: bool,
    form: str | None,
    **source: Any,
) -> NoReturn:
    """Does the WebSocket work when it is really used? Opens it as a browser would.

    Probes every WebSocket link, or LINK alone: in the format of each live client, through the
    edge and past it, with the variants that tell causes apart. Only the wire decides here.
    Exit 0: pass; 10: something blocks; 11: inconclusive.

    \b
      skewcheck probe staging chat
      skewcheck probe staging chat --rate
      skewcheck probe staging \\
        --candidate backend=$COMMIT_SHA@https://c-1---api-x.a.run.app
    """  # fmt: skip
    settings = read_settings()
    wanted = read_candidates(candidates)
    with opened_with(settings, source, environment, wanted, allow_commands=allow_commands) as (
        doors,
        loaded,
    ):
        from skewcheck.core.probe.kits import ProbeWanted
        from skewcheck.flows.check import Asking
        from skewcheck.flows.diagnose import check_probes
        from skewcheck.flows.named import websocket_links

        probing = ProbeWanted(
            thorough=True,
            alone=True,
            links=frozenset(websocket_links(loaded, link)),
            handshakes=handshakes,
            exercise=exercise,
            hold_s=hold.total_seconds(),
        )
        asking = Asking(
            question=Question.PROBE,
            candidates=wanted,
            probing=probing,
            versions=wiring.installed_versions(),
        )
        pace = _pace(at_once, per_second) if rate else None
        with talking(f"probing {environment}"):
            report = check_probes(doors, loaded, asking, pace=pace)
    save_probes(report, save)
    print_and_exit([report], form, settings)


def _pace(at_once: int, per_second: float) -> "Pace":
    from skewcheck.flows.rate import Pace

    return Pace(at_once=at_once, per_second=per_second)
