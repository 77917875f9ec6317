"""A gate over two services on the local Google Cloud, beside scripts that do the same reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.commands import HERE, SKEWCHECK, Command
from benchmarks.contest import Contest
from benchmarks.machine import has, tools
from skewcheck.cli.local_cloud import local_world

WITH_GCLOUD = "skewcheck gate, beside a script with gcloud"
_GCLOUD_AT_MOST, _CURL_AT_MOST = 1 / 3, 8.0
_ENVIRONMENT = "staging"


@contextmanager
def contests(folder: Path, rounds: int) -> Iterator[list[Contest]]:
    """The cloud runs as long as they do. Where there is no gcloud, only the other one is here."""
    with local_world(folder / "gate") as (world, inherits):
        world.deploy_old_everything()
        world.prime_edge()
        world.deploy_new_frontend()
        world.deploy_new_backend()
        world.heal()
        variables = {k: v for k, v in inherits.items() if not k.startswith("PYTHON")}
        stage = _Stage(world.repository, variables, world.history.new_backend)
        slow = stage.contest(WITH_GCLOUD, "gcloud", _GCLOUD_AT_MOST, rounds)
        quick = stage.contest("skewcheck gate, beside one with curl", "curl", _CURL_AT_MOST, rounds)
        yield [slow, quick] if has("gcloud") else [quick]


class _Stage:
    def __init__(self, repository: Path, variables: dict[str, str], build: str) -> None:
        self._repository, self._variables, self._build = repository, variables, build

    def contest(self, what: str, reader: str, at_most: float, rounds: int) -> Contest:
        script = f"gate_with_{reader}.sh"
        own = (str(SKEWCHECK), "gate", _ENVIRONMENT, "--candidate", f"backend={self._build}")
        others = dict.fromkeys((reader, "curl", "jq", "git"))
        return Contest(
            what=what,
            ours=self._command(*own, says="PASS"),
            theirs=self._command(str(HERE / script), _ENVIRONMENT, self._build, says="ok"),
            peer=f"{script} ({tools(*others)})",
            at_most=at_most,
            rounds=rounds,
        )

    def _command(self, *words: str, says: str) -> Command:
        return Command(words=words, folder=self._repository, variables=self._variables, says=says)
