"""`skewcheck sandbox`: the local Google Cloud, kept running."""

import shlex
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skewcheck.cli.local_cloud import ended_cleanly, local_world

if TYPE_CHECKING:
    from skewcheck.sandbox.world import World

_TERMS: dict[str, dict[str, Any]] = {
    "clean-close": {"backend_generation": "cleanup-1000"},
    "stripped-header": {"token_in_header": True},
}
_SHOWN = ("SKEWCHECK_", "CLOUDSDK_", "NO_PROXY", "no_proxy")


@click.command("sandbox")
@click.option(
    "--world",
    "state",
    type=click.Choice(["incident", "healthy", "clean-close", "stripped-header"]),
    default="incident",
    show_default=True,
    help="How things stand in it at the start.",
)
def command(state: str) -> None:
    """Keep that local Google Cloud running, to try skewcheck and gcloud on.

    Beside the incident there are a backend that closes cleanly before its welcome though nothing
    differs (clean-close), and an edge that drops Authorization (stripped-header).

    Prints what to export, then runs until it is interrupted; nothing stays behind.
    """
    with (
        ended_cleanly(),
        tempfile.TemporaryDirectory(prefix="skewcheck-sandbox-") as folder,
        local_world(Path(folder), **_TERMS.get(state, {})) as (world, variables),
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
    if state != "incident":
        world.heal()
    if state == "stripped-header":
        world.backend_edge.faults.strip_request_headers.add("Authorization")


def _hints(world: "World") -> str:
    return "\n".join(
        (
            "Paste the lines above into another shell, then for example:",
            "  skewcheck status staging",
            "  skewcheck diagnose staging chat",
            f"  skewcheck gate staging --candidate backend={world.history.next_protocol}",
            "  gcloud run services list",
            "Ctrl-C ends it.",
        )
    )
