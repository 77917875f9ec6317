"""`skewcheck unpin`: traffic follows LATEST again, where that changes nothing."""

from typing import Any

import click

from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.planning import refuse
from skewcheck.core.question import Exit
from skewcheck.render.printable import printable
from skewcheck.settings import read_settings


@click.command("unpin")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("service", required=False)
@source_options
def command(environment: str, *, service: str | None, **source: Any) -> None:
    """Let the traffic of SERVICE (of every service, if none is named) follow LATEST again.

    Only where LATEST is what serves already, so that nobody meets anything else: exit 10 where it
    is not, exit 11 where nobody knows what serves. A redeploy ends so by itself.

    \b
      skewcheck unpin staging backend
    """
    from skewcheck.wiring.rollout import opened_for_rollouts

    with opened_for_rollouts(read_settings(), source_of(source), environment) as bench:
        from skewcheck.flows.unpin import services_on_cloud_run, unpin

        loaded = bench.loaded
        services = services_on_cloud_run(loaded.manifest, service, loaded.sources.file)
        done = list(unpin(bench.doors, bench.hands().writes, loaded.manifest, services))
    for each in done:
        if each.told:
            click.echo(printable(each.told))
    blocks = any(each.refusal and not each.unknown for each in done)
    refused = tuple(each.refusal for each in done if each.refusal)
    refuse(refused, Exit.BLOCK if blocks else Exit.INCONCLUSIVE)
