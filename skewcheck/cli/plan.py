"""`skewcheck plan`: in which order may what move, and what has to be waited for?"""

import sys
from typing import Any, NoReturn

import click

from skewcheck.cli.candidates import candidate_option, hosts_of, read_candidates
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import talking
from skewcheck.cli.planning import (
    plan_format_option,
    planned_for,
    read_waivers,
    show_plan,
    target_option,
    waive_option,
    with_target,
)
from skewcheck.settings import read_settings


@click.command("plan")
@click.argument("environment", shell_complete=complete_environment)
@candidate_option
@target_option
@waive_option
@source_options
@plan_format_option("table", "json", "markdown")
def command(
    environment: str,
    *,
    candidates: tuple[str, ...],
    waive: tuple[str, ...],
    to: str | None,
    form: str,
    **source: Any,
) -> NoReturn:
    """In which order may what move, so that nobody who is live meets what they cannot talk to?

    Compares what is live with what the manifest promises (or with the candidates) and shows waves,
    waits, what each step may expose, and what can be undone at once. It changes nothing.
    Exit 0: there is a safe order; 10: there is none; 11: unknown facts decide.

    \b
      skewcheck plan staging
      skewcheck plan staging --to main --candidate backend=$COMMIT_SHA
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    settings, wanted = read_settings(), read_candidates(candidates)
    waivers = read_waivers(waive)
    given = source_of(with_target(source, to))
    with (
        talking(f"planning {environment}"),
        opened_for_rollouts(settings, given, environment, hosts=hosts_of(wanted)) as bench,
    ):
        from skewcheck.flows.propose import view_of_plan

        view = view_of_plan(bench, planned_for(bench, wanted, waivers))
    click.echo(show_plan(view, form, settings).rstrip("\n"))
    sys.exit(view.exit)
