"""The world that the documents are about: what in it has another name, and what must be so before
a command. Whatever else the documents say is typed as it stands there."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from skewcheck.adapters.clock import SystemClock
from skewcheck.sandbox import story
from skewcheck.sandbox.edges.edge import EdgeFaults
from tests.cli.desk import Desk
from tests.programs import INSTALLED
from tests.serving import Served, serving
from tests.system.stage import staged

_PERSON = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@acme.example"))
}
_SCRIPT = "dist/index.html"


@dataclass
class Bench:
    """A desk before the demo's world, with a second environment and a built frontend."""

    desk: Desk
    served: Served | None = None
    moved: str = field(default="", init=False)
    typed: set[str] = field(default_factory=set)

    @property
    def at(self) -> Path:
        return self.desk.stage.world.repository

    @property
    def env(self) -> dict[str, str]:
        env = self.desk.env
        return {
            **env,
            **_PERSON,
            "PATH": f"{INSTALLED.parent}:{env['PATH']}",
            "COMMIT_SHA": self.desk.stage.world.history.new_backend,
            "PORT": "0",
        }

    def spelt(self, command: str) -> str:
        """The command in this world's words."""
        for told, here in self._words().items():
            if re.search(told, command):
                command = re.sub(told, str(here()), command)
        return command

    def _words(self) -> dict[str, Callable[[], str]]:
        """What is fictional in the documents, and what stands for it here."""
        world = self.desk.stage.world
        return {
            r"https://app\.example\b": lambda: world.frontend_edge.url,
            r"https://api\.example\b": lambda: world.backend_edge.url,
            r"https://c-1---api-x\.a\.run\.app": lambda: world.cloud.url(story.API, "c-1"),
            r"https://github\.com/acme/app\b": lambda: f"file://{self.at}",
            r"\b9e39e39(\w{33})?\b": lambda: world.history.new_backend,
            r"\b20261124-2222-a1604b\b": lambda: self.moved,
            r"2026-12-01T18:00": lambda: _moment(timedelta(days=7)),
            r"2026-11-2[34]T\d\d:\d\d": lambda: _moment(timedelta(hours=-1)),
            r"http://127\.0\.0\.1:8080/": lambda: self.served.url if self.served else "",
            r"(?m)(\bskewcheck serve\b[^#\n]*?)(?=\s+#|$)": lambda: r"\g<1> --port 0",
            r"(?<=skewcheck stamp dist --commit )\$COMMIT_SHA": self._checked_out,
            r"--hold 35s": lambda: "--hold 1s",
        }

    def _checked_out(self) -> str:
        return self.run("git", "rev-parse", "HEAD").stdout.strip()

    @contextmanager
    def set_for(self, command: str) -> Iterator[None]:
        """While the world is as the command takes it to be."""
        scenes = [scene for told, scene in _SCENES.items() if re.search(told, command)]
        with (scenes[0] if scenes else _as_it_is)(self):
            yield

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            words, cwd=self.at, env=self.env, capture_output=True, text=True, check=False
        )

    def skewcheck(self, *words: str) -> str:
        ended = self.run(str(INSTALLED), *words)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def newest(self) -> str:
        """The newest rollout that is known at this desk, if any."""
        listed = self.skewcheck("rollouts", "list", "staging", "--format", "json")
        return next((each["rollout"] for each in json.loads(listed)["rollouts"]), "")


@contextmanager
def opened(folder: Path) -> Iterator[Bench]:
    """Before a world in which everything is new and works."""
    with staged(folder) as stage:
        stage.healthy()
        yield bench_of(Desk(stage, folder / "ada"))


def bench_of(desk: Desk) -> Bench:
    """Commits what the documents take for granted."""
    bench = Bench(desk)
    manifest = desk.stage.world.manifest
    production = manifest.read_text().replace("environment: staging", "environment: production")
    manifest.with_name("production.yaml").write_text(production)
    bench.at.joinpath(".gitignore").write_text(
        "*.html\n*.json\n*.jsonl\n*.js\ndist/\napp/\nsrc/\nacme-chat/\n"
    )
    _build(bench.at)
    bench.run("git", "add", "--all")
    committed = bench.run("git", "commit", "--quiet", "--message", "Promise production too")
    assert committed.returncode == 0, committed.stderr
    return bench


def _build(at: Path) -> None:
    for folder in ("dist", "app", "src"):
        at.joinpath(folder).mkdir(exist_ok=True)
    at.joinpath("app", "server.py").write_text("")
    page = "<!doctype html><html><head><title>Acme</title></head><body></body></html>\n"
    (at / _SCRIPT).write_text(page)


def _moment(away: timedelta) -> str:
    return f"{SystemClock().now() + away:%Y-%m-%dT%H:%M}"


@contextmanager
def _as_it_is(_bench: Bench) -> Iterator[None]:
    yield


@contextmanager
def _stale_edge(bench: Bench) -> Iterator[None]:
    """The incident: only the edge is to be mended."""
    bench.desk.stage.healthy()
    bench.desk.stage.stale_edge()
    yield


@contextmanager
def _behind(bench: Bench) -> Iterator[None]:
    """A frontend from before the promised one, so that a redeploy moves it."""
    world = bench.desk.stage.world
    bench.desk.stage.healthy()
    world.deploy_frontend(world.history.format_change)
    world.heal()
    yield
    bench.moved = bench.newest()


@contextmanager
def _moved(bench: Bench) -> Iterator[None]:
    """The newest rollout moved something, so there is something to go back to."""
    if not bench.moved or bench.moved != bench.newest():
        with _behind(bench):
            bench.skewcheck("redeploy", "staging", "--yes")
    yield


@contextmanager
def _under_way(bench: Bench) -> Iterator[None]:
    """A redeploy reads an edge that does not forget until the command was typed."""
    with _waiting_for_the_edge(bench) as redeploy:
        yield
        _forget(bench)
        redeploy.communicate(timeout=60)


@contextmanager
def _stopped(bench: Bench) -> Iterator[None]:
    """The process of such a redeploy died, and now the edge forgets."""
    with _waiting_for_the_edge(bench) as redeploy:
        redeploy.kill()
        redeploy.communicate()
        _forget(bench)
    yield


@contextmanager
def _waiting_for_the_edge(bench: Bench) -> "Iterator[subprocess.Popen[str]]":
    with _stale_edge(bench), bench.desk.started("redeploy", "staging", "--yes") as redeploy:
        bench.desk.stage.world.frontend_edge.faults = EdgeFaults(ignore_invalidations=True)
        assert redeploy.stdout is not None
        assert any("was told to forget" in line for line in redeploy.stdout)
        yield redeploy


def _forget(bench: Bench) -> None:
    bench.desk.stage.world.frontend_edge.faults = EdgeFaults()
    bench.desk.stage.world.heal()


@contextmanager
def _served(bench: Bench) -> Iterator[None]:
    bench.desk.stage.healthy()
    with serving(bench.desk) as bench.served:
        assert bench.served.sees(lambda report: bool(report["verdict"]))
        try:
            yield
        finally:  # told to end, not killed: its children would keep its pipe open
            bench.served.end()
            bench.served = None


@contextmanager
def _tagged(bench: Bench) -> Iterator[None]:
    """The candidate answers at a URL of its own, without traffic."""
    world = bench.desk.stage.world
    image = f"{story.API_IMAGE}:{world.history.new_backend}"
    labels = {"commit-sha": world.history.new_backend}
    if not any(each.get("tag") == "c-1" for each in world.cloud.service(story.API)["traffic"]):
        world.cloud.deploy(story.API, image, labels=labels, traffic="none", tag="c-1")
    yield


@contextmanager
def _saved(bench: Bench) -> Iterator[None]:
    if not bench.at.joinpath("transcript.json").exists():
        bench.skewcheck("probe", "staging", "chat", "--save", "transcript.json")
    yield


@contextmanager
def _no_manifest(bench: Bench) -> Iterator[None]:
    """Nobody has promised anything yet."""
    manifest, aside = bench.desk.stage.world.manifest, bench.at / "aside.json"
    manifest.rename(aside)
    yield
    aside.rename(manifest)


@contextmanager
def _built(bench: Bench) -> Iterator[None]:
    _build(bench.at)
    yield


_SCENES = {
    r"skewcheck redeploy .*stale edge": _stale_edge,
    r"skewcheck redeploy .*--waive": _stale_edge,
    r"skewcheck redeploy": _behind,
    r"skewcheck rollouts resume": _stopped,
    r"skewcheck rollouts cancel": _under_way,
    r"skewcheck (rollback|rollouts (list|show))": _moved,
    r"127\.0\.0\.1:8080": _served,
    r"c-1---api-x": _tagged,
    r"skewcheck explain": _saved,
    r"skewcheck init": _no_manifest,
    r"skewcheck stamp": _built,
}
