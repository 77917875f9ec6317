"""`skewcheck invalidate`: make an edge forget, and see that it has."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import click

from skewcheck.cli.options import INTERVAL, complete_environment, source_of, source_options
from skewcheck.render.printable import printable
from skewcheck.settings import read_settings


@click.command("invalidate")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("service", required=False)
@click.option(
    "--until",
    type=INTERVAL,
    default="10m",
    show_default=True,
    help="Read the edge until it shows what serves, for at most this long.",
)
@source_options
def command(environment: str, *, service: str | None, until: timedelta, **source: Any) -> None:
    """Make the edge of SERVICE (of every service, if none is named) forget, and verify it.

    First the origin is seen to serve, else the edge would remember the old page once more; then
    the edge is read as a user until it shows what serves. Exit 12 where it does not.

    \b
      skewcheck invalidate staging frontend
      skewcheck invalidate staging --until 2m
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    with opened_for_rollouts(read_settings(), source_of(source), environment) as bench:
        from skewcheck.flows.invalidate import invalidate_edges, services_with_edge

        loaded, rollout = bench.loaded, bench.new_rollout()
        services = services_with_edge(loaded.manifest, service, loaded.sources.file)
        hands = bench.hands()
        hands = replace(hands, patience=replace(hands.patience, edge=until.total_seconds()))
        for done in invalidate_edges(hands, services, rollout=rollout, who=bench.who):
            click.echo(printable(done.told))
