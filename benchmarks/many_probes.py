"""Many probes at once against the local Google Cloud, beside the same load by plain websockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.commands import HERE, PYTHON, Command
from benchmarks.contest import Contest
from benchmarks.machine import package
from skewcheck.cli.local_cloud import local_world

_AT_MOST = 3.0  # threads that keep everything, beside one event loop that keeps nothing


@contextmanager
def contests(folder: Path, probes: int, rounds: int) -> Iterator[list[Contest]]:
    """The cloud runs as long as they do."""
    with local_world(folder / "probes") as (world, inherits):
        world.deploy_new_frontend()
        world.deploy_new_backend()
        variables = {k: v for k, v in inherits.items() if not k.startswith("PYTHON")}
        http = f"{world.backend_edge.url}/ws"

        def command(module: str, url: str) -> Command:
            words = (str(PYTHON), "-m", f"benchmarks.{module}", url, world.token, str(probes))
            says = f"{probes} of {probes} hold"
            return Command(words=words, folder=HERE.parent, variables=variables, says=says)

        yield [
            Contest(
                what=f"skewcheck, {probes} probes at once",
                ours=command("probe_load", http),
                theirs=command("plain_load", http.replace("http:", "ws:", 1)),
                peer=f"plain_load.py, asyncio ({package('websockets')})",
                at_most=_AT_MOST,
                rounds=rounds,
            )
        ]
