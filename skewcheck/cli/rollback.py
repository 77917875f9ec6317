"""`skewcheck rollback`: back to what served before a rollout, with the same care."""

from typing import Any, NoReturn

import click

from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import talking
from skewcheck.cli.planning import plan_format_option, planned_for, read_waivers, rollout_options
from skewcheck.cli.probing import allow_commands_option
from skewcheck.cli.rolling import Wish, follow_unfinished, roll_out
from skewcheck.settings import read_settings


@click.command("rollback")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("rollout", required=False)
@rollout_options
@allow_commands_option
@source_options
@plan_format_option("table", "json")
def command(  # noqa: PLR0913 - click hands over one argument per option
    environment: str,
    *,
    rollout: str | None,
    waive: tuple[str, ...],
    why: str,
    yes: bool,
    dry_run: bool,
    allow_commands: bool,
    form: str,
    **source: Any,
) -> NoReturn:
    """Back to what served before ROLLOUT (the last one that succeeded, if none is named).

    It is planned like any other rollout: what is live by now may need another order, and waits.
    Exit codes as for `redeploy`.

    \b
      skewcheck rollback staging --dry-run
      skewcheck rollback staging 20261124-2133-7f3a1b --yes
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    settings, waivers = read_settings(), read_waivers(waive)
    with opened_for_rollouts(
        settings, source_of(source), environment, allow_commands=allow_commands
    ) as bench:
        from skewcheck.core.rollout.order import RolloutKind
        from skewcheck.flows.redeploy import Asker
        from skewcheck.flows.rollback import to_undo, what_served, with_revisions_that_are_there

        if not dry_run:
            follow_unfinished(bench, form)
        undone = to_undo(bench.engine, environment, rollout)
        with talking(f"planning {environment}"):
            planned = planned_for(bench, what_served(undone), waivers)
        planned = with_revisions_that_are_there(planned)
        asker = Asker(
            rollout=bench.new_rollout(),
            who=bench.who,
            why=why or f"undoes {undone.rollout}",
            kind=RolloutKind.ROLLBACK,
        )
        roll_out(bench, planned, asker, Wish(yes=yes, dry_run=dry_run, form=form))
