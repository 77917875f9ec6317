"""A world in which a redeploy has two waves, and what it takes to kill it at a chosen moment."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from skewcheck.cli.local_cloud import local_world
from skewcheck.sandbox import story
from skewcheck.sandbox.api.http import Moment
from skewcheck.sandbox.world import World
from tests.programs import INSTALLED, Ended, environment, outside_of_ci

SERVICES = {"frontend": story.WEB, "backend": story.API}
_ENDS_WITHIN_S = 120


@dataclass
class Rolling:
    """Both services serve `new_frontend`/`new_backend`, since two days; `bridge` is where they go:
    its backend first, because only that accepts both formats."""

    world: World
    env: Mapping[str, str]
    home: Path
    splits: dict[str, list[tuple[tuple[str, int], ...]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *words: str, state: str = "state", **env: str) -> "subprocess.Popen[str]":
        """skewcheck as a process of its own, with its own state directory."""
        own = {"SKEWCHECK_STATE_DIR": str(self.home / state)}
        return subprocess.Popen(
            [INSTALLED, *words],
            cwd=self.world.repository,
            env={**environment(self.home), **self.env, **own, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, state: str = "state", **env: str) -> Ended:
        return ended(self.start(*words, state=state, **env))

    def redeploy_words(self, build: str = "") -> tuple[str, ...]:
        build = build or self.world.history.bridge
        candidates = [f"--candidate={name}={build}" for name in SERVICES]
        return ("redeploy", "staging", *candidates, "--yes")

    def serve_bridge_behind_old_clients(self) -> None:
        """As after a bridging release of the backend alone, two days ago."""
        self.world.cloud.behind = timedelta(days=2)
        self.world.deploy_backend(self.world.history.bridge)
        self.world.cloud.behind = timedelta(0)

    def client_first_words(self) -> tuple[str, ...]:
        """From there: the frontend has to move first, and its old clients to go, because what the
        backend becomes accepts them no more."""
        history = self.world.history
        targets = {"frontend": history.bridge, "backend": history.next_protocol}
        candidates = [f"--candidate={name}={build}" for name, build in targets.items()]
        return ("redeploy", "staging", *candidates, "--yes")

    def serving(self) -> dict[str, str]:
        """The build of each service's traffic, where there is just one."""
        return {name: self._build(service) for name, service in SERVICES.items()}

    def leases(self) -> list[str]:
        """Annotations of rollouts that still stand on services."""
        found = [self.world.cloud.service(service) for service in SERVICES.values()]
        return [text for each in found for name, text in each.get("annotations", {}).items()
                if name == "skewcheck.dev/rollout"]  # fmt: skip

    def tags(self) -> list[str]:
        return [
            target["tag"]
            for service in SERVICES.values()
            for target in self.world.cloud.service(service)["traffic"]
            if target.get("tag")
        ]

    def follows_latest(self) -> set[bool]:
        return {
            "LATEST" in target["type"]
            for service in SERVICES.values()
            for target in self.world.cloud.service(service)["traffic"]
        }

    def revisions(self) -> dict[str, int]:
        names = self.world.cloud.cloud_run.store.short_names
        name_of = self.world.cloud.name_of
        return {name: len(names(name_of(service))) for name, service in SERVICES.items()}

    def edge_build(self) -> str:
        """What a user gets of the frontend's page."""
        import urllib.request

        with urllib.request.urlopen(self.world.frontend_edge.url + "/") as answer:
            page = answer.read().decode()
        known = vars_of(self.world.history)
        return next((build for build in known if build in page), "")

    def watch(self, moment: Moment) -> None:
        """Keeps every split that was ever served, in order."""
        del moment
        with self._lock:
            for name, service in SERVICES.items():
                split = tuple(sorted(self.world.cloud.serving(service).items()))
                seen = self.splits.setdefault(name, [])
                if split and (not seen or seen[-1] != split):
                    seen.append(split)

    def _build(self, service: str) -> str:
        store, name = self.world.cloud.cloud_run.store, self.world.cloud.name_of(service)
        builds = {
            store.revision(f"{name}/revisions/{revision}")["labels"]["commit-sha"]
            for revision, percent in self.world.cloud.serving(service).items()
            if percent
        }
        return builds.pop() if len(builds) == 1 else f"split: {sorted(builds)}"


def vars_of(history: Any) -> list[str]:
    return [str(getattr(history, name)) for name in history.__dataclass_fields__]


@contextmanager
def rolling(folder: Path, **terms: Any) -> Iterator[Rolling]:
    with local_world(folder, **({"lingers": "1s"} | terms)) as (world, variables):
        world.cloud.behind = timedelta(days=2)
        world.deploy_frontend(world.history.new_frontend)
        world.deploy_backend(world.history.new_backend)
        world.cloud.behind = timedelta(0)
        world.frontend_edge.prime("/", "/index.html", "/version.json")
        scene = Rolling(world, outside_of_ci(variables), folder)
        scene.world.cloud.control_plane.on_call = scene.watch
        yield scene


def ended(process: "subprocess.Popen[str]") -> Ended:
    out, err = process.communicate(timeout=_ENDS_WITHIN_S)
    return Ended(process.returncode, out, err)


def is_change(moment: Moment) -> bool:
    return moment.method in {"PATCH", "DELETE"} or (
        moment.method == "POST" and moment.path.endswith(("invalidateCache", ":run"))
    )


class Executioner:
    """Kills a process at the n-th moment (before and after count apart) of those that match."""

    def __init__(
        self, scene: Rolling, number: int, matches: Callable[[Moment], bool] = is_change
    ) -> None:
        self.scene = scene
        self.number = number
        self.seen: list[Moment] = []
        self.victim: subprocess.Popen[str] | None = None
        self.killed_at: Moment | None = None
        self._matches = matches
        self._lock = threading.Lock()
        scene.world.cloud.control_plane.on_call = self

    def __call__(self, moment: Moment) -> None:
        self.scene.watch(moment)
        if not self._matches(moment):
            return
        with self._lock:
            self.seen.append(moment)
            due = len(self.seen) - 1 == self.number and self.victim is not None
        if due and self.victim is not None:
            # Said before it is done: whoever waits for the victim asks as soon as it is dead.
            self.killed_at = moment
            os.killpg(self.victim.pid, signal.SIGKILL)
            self.victim.wait()
