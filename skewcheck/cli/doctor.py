"""`skewcheck doctor`: is everything set up?"""

import sys
from typing import Any, NoReturn

import click

from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import canvas, talking
from skewcheck.cli.probing import allow_commands_option
from skewcheck.settings import read_settings


@click.command("doctor")
@click.argument("environments", nargs=-1, metavar="[ENVIRONMENT]...",
                shell_complete=complete_environment)  # fmt: skip
@click.option(
    "--for",
    "wanted",
    type=click.Choice(("read", "redeploy", "all")),
    help="What is to work.  [default: what the manifest needs]",
)
@allow_commands_option
@source_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
def command(
    environments: tuple[str, ...],
    *,
    wanted: str | None,
    allow_commands: bool,
    form: str,
    **source: Any,
) -> NoReturn:
    """Is everything set up, or would skewcheck fail or lie later?

    One line for each check, and under each that is not ok what mends it: credentials, permissions,
    what the services answer, settings that break WebSockets, git, state, Slack. It changes nothing
    in the cloud. Without ENVIRONMENT: all of them. Exit 0: all is well; 10: something is bad; 11:
    something could not be learnt.

    \b
      skewcheck doctor staging
      skewcheck doctor staging --for read
    """
    from skewcheck.core.checkup.check import exit_of
    from skewcheck.core.checkup.facts import Wanted
    from skewcheck.wiring.doctor import Request, check_up

    settings = read_settings()
    request = Request(
        source=source_of(source),
        environments=environments,
        wanted=Wanted(wanted or "needed"),
        allow_commands=allow_commands,
    )
    with talking("looking at everything"):
        groups = check_up(settings, request)
    if form == "json":
        from skewcheck.render.checkup import render_checkup_json

        click.echo(render_checkup_json(groups), nl=False)
    else:
        from skewcheck.render.checkup import render_checkup

        width, colour = canvas(settings)
        click.echo(render_checkup(groups, width=width, colour=colour), nl=False)
    sys.exit(exit_of(groups))
