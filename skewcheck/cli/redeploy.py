"""`skewcheck redeploy`: from a finding to a mended environment, in one approved command."""

from typing import Any, NoReturn

import click

from skewcheck.cli.candidates import candidate_option, hosts_of, read_candidates
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import talking
from skewcheck.cli.planning import (
    plan_format_option,
    planned_for,
    read_waivers,
    rollout_options,
    target_option,
    with_target,
)
from skewcheck.cli.probing import allow_commands_option
from skewcheck.cli.rolling import Wish, follow_unfinished, roll_out
from skewcheck.settings import read_settings


@click.command("redeploy")
@click.argument("environment", shell_complete=complete_environment)
@candidate_option
@target_option
@rollout_options
@allow_commands_option
@source_options
@plan_format_option("table", "json")
def command(  # noqa: PLR0913 - click hands over one argument per option
    environment: str,
    *,
    candidates: tuple[str, ...],
    waive: tuple[str, ...],
    to: str | None,
    why: str,
    yes: bool,
    dry_run: bool,
    allow_commands: bool,
    form: str,
    **source: Any,
) -> NoReturn:
    """Bring the environment to what the manifest promises, through states in which all fits.

    Shows the plan, asks, and follows it: candidates without traffic, probes at their own
    addresses, traffic wave by wave, the edge told to forget and read until it shows the new build.
    Whatever fails, everything goes back. It survives its own death: give the command again. Exit 0:
    succeeded, or nothing to do; 10: no safe order, or it may not start; 11: unknown facts decide;
    12: it went back, or is stuck.

    \b
      skewcheck redeploy staging --dry-run
      skewcheck redeploy staging --to main --yes --why "stale edge since 9"
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    settings, wanted = read_settings(), read_candidates(candidates)
    waivers = read_waivers(waive)
    with opened_for_rollouts(
        settings,
        source_of(with_target(source, to)),
        environment,
        hosts=hosts_of(wanted),
        allow_commands=allow_commands,
    ) as bench:
        from skewcheck.flows.redeploy import Asker

        if not dry_run:
            follow_unfinished(bench, form)
        with talking(f"planning {environment}"):
            planned = planned_for(bench, wanted, waivers)
        asker = Asker(rollout=bench.new_rollout(), who=bench.who, why=why)
        roll_out(bench, planned, asker, Wish(yes=yes, dry_run=dry_run, form=form))
