"""`skewcheck verify`: after a deploy, does everything hold?"""

from datetime import timedelta
from typing import Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.noting import Noting
from skewcheck.cli.options import (
    DURATION,
    INTERVAL,
    complete_environment,
    format_option,
    source_of,
    source_options,
)
from skewcheck.cli.output import print_and_exit, talking
from skewcheck.cli.probing import probe_options, probing_of
from skewcheck.core.question import Question
from skewcheck.settings import read_settings


@click.command("verify")
@click.argument("environment", shell_complete=complete_environment)
@click.option(
    "--until",
    type=DURATION,
    default="5m",
    show_default=True,
    help="Ask again until everything holds, for at most this long.",
)
@click.option("--interval", type=INTERVAL, default="5s", show_default=True, help="Between two.")
@probe_options
@source_options
@format_option
def command(
    environment: str,
    *,
    until: timedelta,
    interval: timedelta,
    no_probe: bool,
    allow_commands: bool,
    form: str | None,
    **source: Any,
) -> NoReturn:
    """After a deploy: does everything hold? Asks again until it does, or the time is up.

    Everything decides here, also what was broken before the deploy. Exit 0: pass; 10: block;
    11: inconclusive, when the time is up.

    \b
      skewcheck verify staging --until 5m
    """
    settings = read_settings()
    with wiring.opened(settings, source_of(source), environment, allow_commands=allow_commands) as (
        doors,
        loaded,
    ):
        from skewcheck.flows.check import Asking, check_until_it_holds

        noting = Noting(settings, source_of(source), doors)
        asking = Asking(
            question=Question.VERIFY,
            probing=probing_of(no_probe=no_probe),
            versions=wiring.installed_versions(),
            seen=noting.look,
        )
        deadline = doors.clock.now() + until
        with talking(f"verifying {environment} until {deadline:%H:%M:%S} UTC"):
            report = check_until_it_holds(
                doors, loaded, asking, deadline=deadline, interval=interval
            )
    print_and_exit([report], form, settings)
