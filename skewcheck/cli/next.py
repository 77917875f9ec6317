"""`skewcheck next`: what may move right now?"""

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck.cli.candidates import candidate_option, hosts_of, read_candidates
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import canvas, talking
from skewcheck.cli.planning import (
    plan_format_option,
    planned_for,
    target_option,
    with_target,
)
from skewcheck.core.question import Exit
from skewcheck.settings import read_settings

if TYPE_CHECKING:
    from skewcheck.core.plan.view import Movable


@click.command("next")
@click.argument("environment", shell_complete=complete_environment)
@candidate_option
@target_option
@source_options
@plan_format_option("table", "json")
def command(
    environment: str,
    *,
    candidates: tuple[str, ...],
    to: str | None,
    form: str,
    **source: Any,
) -> NoReturn:
    """What may move right now, and what do the others wait for?

    For those who deploy by other means: ask before each deploy. Exit 0: something may move, or
    everything is where it should be; 10: nothing may; 11: nobody knows what serves.

    \b
      skewcheck next staging
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    settings, wanted = read_settings(), read_candidates(candidates)
    given = source_of(with_target(source, to))
    with (
        talking(f"looking at {environment}"),
        opened_for_rollouts(settings, given, environment, hosts=hosts_of(wanted)) as bench,
    ):
        from skewcheck.flows.next_moves import movables
        from skewcheck.flows.propose import view_of_plan

        planned = planned_for(bench, wanted, {})
        found = movables(view_of_plan(bench, planned), planned.fits)
    from skewcheck.render.plan import render_next, render_next_json

    if form == "json":
        text = render_next_json(environment, planned.survey.at, found)
    else:
        width, colour = canvas(settings)
        text = render_next(environment, planned.survey.at, found, width=width, colour=colour)
    click.echo(text.rstrip("\n"))
    sys.exit(_exit(found))


def _exit(found: "tuple[Movable, ...]") -> Exit:
    return Exit.PASS if not found or any(each.may_move for each in found) else Exit.BLOCK
