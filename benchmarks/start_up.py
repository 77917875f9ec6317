"""How long until skewcheck says anything: its help, and a mistake in a manifest.

Both beside an interpreter that imports click and does nothing, which no Python CLI can beat.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.commands import PYTHON, SKEWCHECK, Command, inherited
from benchmarks.contest import Contest
from benchmarks.machine import package
from skewcheck.sandbox.repository import Repository

_HELP_AT_MOST, _MISTAKE_AT_MOST = 2.5, 6.0
_MISTAKEN = """\
schema: 1
environment: staging
services:
  frontend:
    ref: main
    urll: https://app.staging.acme.example
    static: {}
  backend:
    ref: main
    url: https://api.staging.acme.example
    cloud_run: {service: acme-api, project: acme-staging, region: us-central1}
links:
  chat: {client: frontend, server: backend, contract: contracts/chat.yaml, path: /ws}
"""


def contests(folder: Path, rounds: int) -> Iterator[Contest]:
    repository = folder / "mistaken"
    files = {"manifests/staging.yaml": _MISTAKEN}
    Repository(repository, inherited()).commit(
        files, "Promise the chat", author="Ada", at=datetime.now(UTC)  # noqa: TID251
    )  # fmt: skip
    bare = _command(folder, str(PYTHON), "-c", "import click")
    peer = f'python -c "import click" ({package("click")})'
    yield Contest(
        what="skewcheck --help",
        ours=_command(folder, str(SKEWCHECK), "--help"),
        theirs=bare,
        peer=peer,
        at_most=_HELP_AT_MOST,
        rounds=rounds,
    )
    yield Contest(
        what="skewcheck status, a mistake in the manifest",
        ours=_mistake(repository),
        theirs=bare,
        peer=peer,
        at_most=_MISTAKE_AT_MOST,
        rounds=rounds,
    )


def _command(folder: Path, *words: str) -> Command:
    return Command(words=words, folder=folder, variables=inherited())


def _mistake(repository: Path) -> Command:
    return Command(
        words=(str(SKEWCHECK), "status", "staging"),
        folder=repository,
        variables=inherited(),
        exits=2,
        says="services.frontend.urll",
    )
