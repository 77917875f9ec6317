"""`skewcheck sandbox`: the local Google Cloud, kept running."""

import shlex
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skewcheck.cli.local_cloud import ended_cleanly, local_world

if TYPE_CHECKING:
    from skewcheck.sandbox.world import World

_SHOWN = ("SKEWCHECK_", "CLOUDSDK_", "NO_PROXY", "no_proxy")


@click.command("sandbox")
@click.option(
    "--world",
    "state",
    type=click.Choice(["incident", "healthy"]),
    default="incident",
    show_default=True,
    help="How things stand in it at the start.",
)
def command(state: str) -> None:
    """Keep that local Google Cloud running, to try skewcheck and gcloud on.

    Prints what to export, then runs until it is interrupted; nothing stays behind.
    """
    with (
        ended_cleanly(),
        tempfile.TemporaryDirectory(prefix="skewcheck-sandbox-") as folder,
        local_world(Path(folder)) as (world, variables),
    ):
        _set_up(world, state)
        click.echo(f"cd {shlex.quote(str(world.repository))}")
        for name in sorted(variables):
            if name.startswith(_SHOWN):
                click.echo(f"export {name}={shlex.quote(variables[name])}")
        click.echo(_hints(world), err=True)
        threading.Event().wait()


def _set_up(world: "World", state: str) -> None:
    world.deploy_old_everything()
    world.prime_edge()
    world.deploy_new_frontend()
    world.deploy_new_backend()
    if state == "healthy":
        world.heal()


def _hints(world: "World") -> str:
    return "\n".join(
        (
            "Paste the lines above into another shell, then for example:",
            "  skewcheck status staging",
            f"  skewcheck gate staging --candidate backend={world.history.next_protocol}",
            "  gcloud run services list",
            "Ctrl-C ends it.",
        )
    )
