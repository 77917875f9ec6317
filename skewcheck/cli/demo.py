"""`skewcheck demo`: the incident retold on a local Google Cloud, with the program itself.

Every command that the demo shows is really run, as its own process, against real processes; an
exit code that differs from the story's ends the demo with exit 1.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skewcheck.cli.local_cloud import ended_cleanly, local_world
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.question import Exit

if TYPE_CHECKING:
    from skewcheck.sandbox.world import World

_EPILOGUE = """\
What to try next:
  skewcheck status --url frontend=URL --url backend=URL   your own services, no set-up at all
  skewcheck sandbox                                       this cloud, kept running for you
  skewcheck schema manifest                               then write manifests/staging.yaml
"""


@click.command("demo")
def command() -> None:
    """Retell the incident on a local Google Cloud, in under a minute.

    Starts real processes on loopback, asks nothing, needs no rights, leaves nothing behind.

    \b
      skewcheck demo
    """
    with (
        ended_cleanly(),
        tempfile.TemporaryDirectory(prefix="skewcheck-demo-") as folder,
        _stage(folder) as stage,
    ):
        _first_act(stage)
        _second_act(stage)
        _third_act(stage)
        _fourth_act(stage)
    click.echo(_EPILOGUE)


@dataclass(frozen=True, slots=True)
class _Stage:
    world: "World"
    variables: dict[str, str]

    def tell(self, *lines: str) -> None:
        click.echo("\n".join(lines))

    def run(self, *words: str, ends: Exit) -> None:
        """Runs skewcheck as a user would; its output goes straight to the user's terminal."""
        click.echo(f"\n$ skewcheck {' '.join(words)}")
        sys.stdout.flush()
        command = [sys.executable, "-m", "skewcheck", *words]
        code = _run_to_its_end(command, self.world.repository, self.variables)
        click.echo(f"→ exit {code} ({Exit(code).name.lower()})\n")
        if code != ends:
            raise SkewcheckError(
                f"the demo expected exit {int(ends)} there", hint="please report this as a bug"
            )


def _run_to_its_end(command: list[str], folder: Path, variables: dict[str, str]) -> int:
    """Its exit code. Nothing that the demo starts outlives it, whenever it is interrupted: an
    interrupt while the process is being started waits until there is something to end."""
    early: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: early.append(number))
    program = subprocess.Popen(command, cwd=folder, env=variables)
    try:
        signal.signal(signal.SIGINT, usual)
        if early:
            raise KeyboardInterrupt
        return program.wait()
    finally:
        program.kill()
        program.wait()


@contextmanager
def _stage(folder: str) -> Iterator[_Stage]:
    with local_world(Path(folder)) as (world, variables):
        yield _Stage(world, variables)


def _first_act(stage: _Stage) -> None:
    world, history = stage.world, stage.world.history
    stage.tell(
        "ACT 1  The incident",
        "A chat: a frontend behind a CDN, a backend on Cloud Run. Grace changed how the token is",
        "sent and forgot the version number. Git promises the new frontend, and it is deployed,",
        "but the CDN still serves the page from before. May the new backend go?",
    )
    world.deploy_old_everything()
    world.prime_edge()
    world.deploy_new_frontend()
    stage.run("gate", "staging", "--candidate", f"backend={history.new_backend}", ends=Exit.BLOCK)
    stage.tell("In the incident nobody asked, and it was deployed. Chat is down, monitors green:")
    world.deploy_new_backend()
    stage.run("status", "staging", ends=Exit.BLOCK)
    stage.tell("What is it? One command walks down from the symptom to the cause:")
    stage.run("diagnose", "staging", "chat", ends=Exit.BLOCK)
    stage.tell("Deploying the frontend again is part of the mend, so the gate lets it pass:")
    stage.run("gate", "staging", "--candidate", f"frontend={history.new_frontend}", ends=Exit.PASS)


def _second_act(stage: _Stage) -> None:
    stage.tell(
        "ACT 2  The next protocol",
        "On a branch the backend moves on to protocol 3. Nobody who is live speaks it yet.",
    )
    candidate = f"backend={stage.world.history.next_protocol}"
    stage.run("gate", "staging", "--candidate", candidate, ends=Exit.BLOCK)


def _third_act(stage: _Stage) -> None:
    stage.tell(
        "ACT 3  Mended",
        "Which order is safe, what does it expose, and what can nobody reach?",
    )
    stage.run("plan", "staging", ends=Exit.PASS)
    stage.tell(
        "Here only the edge has to move. The redeploy confirms the origin first, tells the edge to",
        "forget, and reads it as a user does until it shows the new page. Old tabs may still be",
        "open: that is told, and in this environment (lingering_skew: notice) it does not block.",
    )
    stage.run("redeploy", "staging", "--yes", "--why", "stale edge", ends=Exit.PASS)
    stage.run("verify", "staging", "--until", "1m", ends=Exit.PASS)


def _fourth_act(stage: _Stage) -> None:
    stage.tell(
        "ACT 4  The one that goes back",
        "A new backend promises in git what it did before, and closes every socket at once. It is",
        "made without traffic and probed at its own address, before any user can meet it.",
    )
    candidate = f"backend={stage.world.history.unfit}"
    stage.run("redeploy", "staging", "--candidate", candidate, "--yes", ends=Exit.ACTION_FAILED)
    stage.tell("Everything is as it was, and what the way back left behind is told until cleared:")
    stage.run("status", "staging", ends=Exit.PASS)
